package io.cnn2gnn.benchmarks.pipeline;

import io.cnn2gnn.model.bundle.BundleException;
import io.cnn2gnn.model.graph.Candidates;
import io.cnn2gnn.model.image.InputSpec;
import io.cnn2gnn.model.inference.Answer;
import io.cnn2gnn.model.inference.BankMatrix;
import io.cnn2gnn.model.inference.Query;
import io.cnn2gnn.model.inference.StudentModel;
import io.cnn2gnn.model.torch.Torch;
import io.cnn2gnn.schemas.WireWriter;
import io.cnn2gnn.schemas.avro.Neighbour;
import io.cnn2gnn.schemas.avro.NeighbourOrigin;
import io.cnn2gnn.schemas.avro.NeighbourTier;
import io.cnn2gnn.schemas.avro.Prediction;
import io.cnn2gnn.topology.bank.BankConfig;
import io.cnn2gnn.topology.flow.DecodedImage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * What one would write in an afternoon: poll, classify in batches of 64, send, commit. Its bank is
 * in memory and gone with it; a crash loses or doubles what was under way. Answers have the keys of
 * their images.
 */
public final class LoopPeer implements Peer {
  private final Setup setup;
  private final StudentModel model;
  private final Function<Setup, ? extends FileDecoder> decoders;
  private final BankConfig bankConfig;
  private final Thread thread = new Thread(this::run, "poll-loop");
  private final AtomicReference<Throwable> failure = new AtomicReference<>();
  private volatile boolean stopping;

  private LoopPeer(
      Setup setup, StudentModel model, Function<Setup, ? extends FileDecoder> decoders) {
    this.setup = setup;
    this.decoders = decoders;
    this.model = model;
    this.bankConfig = setup.config(Map.of()).topology().bank();
  }

  /** Starts polling, with the service's decoder. */
  public static LoopPeer start(Setup setup) throws BundleException {
    return start(setup, FileDecoder::ofService);
  }

  static LoopPeer start(Setup setup, Function<Setup, ? extends FileDecoder> decoders)
      throws BundleException {
    StudentModel model = StudentModel.open(setup.bundle(), Torch.device("cpu"), Candidates.BOTH);
    LoopPeer peer = new LoopPeer(setup, model, decoders);
    peer.thread.start();
    return peer;
  }

  private void run() {
    WireWriter<Prediction> writer = setup.writer();
    InputSpec input = model.card().student().input();
    try (KafkaConsumer<byte[], byte[]> consumer =
            new KafkaConsumer<>(
                Map.of(
                    "bootstrap.servers",
                    setup.broker(),
                    "group.id",
                    setup.output(),
                    "auto.offset.reset",
                    "earliest",
                    "enable.auto.commit",
                    false),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer());
        KafkaProducer<byte[], byte[]> producer =
            new KafkaProducer<>(
                Map.of(
                    "bootstrap.servers", setup.broker(), "linger.ms", 5, "batch.size", 256 << 10),
                new ByteArraySerializer(),
                new ByteArraySerializer());
        FileDecoder decoder = decoders.apply(setup);
        BankMatrix bank = model.newBank(bankConfig.capacity())) {
      consumer.subscribe(List.of(setup.input()));
      while (!stopping) {
        List<DecodedImage> images = new ArrayList<>();
        List<byte[]> keys = new ArrayList<>();
        for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(50))) {
          images.add(decoder.decode(record.value(), input));
          keys.add(record.key());
        }
        for (int from = 0; from < images.size(); from += Setup.BATCH) {
          int to = Math.min(images.size(), from + Setup.BATCH);
          List<Prediction> predictions = answer(images.subList(from, to), bank);
          for (int i = from; i < to; i++) {
            byte[] value = writer.write(predictions.get(i - from));
            var unused = producer.send(new ProducerRecord<>(setup.output(), keys.get(i), value));
          }
        }
        consumer.commitAsync();
      }
    } catch (RuntimeException | Error e) {
      failure.set(e);
    }
  }

  private List<Prediction> answer(List<DecodedImage> batch, BankMatrix bank) {
    List<Query> queries = batch.stream().map(DecodedImage::query).toList();
    List<Answer> answers = model.classify(queries, bank);
    List<Prediction> predictions = new ArrayList<>(batch.size());
    for (int i = 0; i < batch.size(); i++) {
      Answer answer = answers.get(i);
      Prediction.Builder prediction =
          Prediction.newBuilder(StreamsPeer.prediction(batch.get(i), answer.label()));
      // The same provenance as the service's, for it is most of the record.
      prediction.setNeighbours(
          answer.neighbours().stream()
              .map(
                  n ->
                      new Neighbour(
                          n.imageId(),
                          n.weight(),
                          n.label(),
                          NeighbourOrigin.valueOf(n.origin().name()),
                          NeighbourTier.OTHER,
                          null,
                          null))
              .toList());
      predictions.add(prediction.build());
    }
    List<Integer> admitted = new ArrayList<>();
    for (int i = 0; i < batch.size(); i++) {
      if (bankConfig.admits(queries.get(i), answers.get(i))) {
        admitted.add(i);
      }
    }
    bank.add(admitted.stream().map(i -> answers.get(i).row()).toList());
    return predictions;
  }

  @Override
  public void requireAlive() {
    if (failure.get() != null) {
      throw new IllegalStateException("the peer has ended", failure.get());
    }
  }

  @Override
  public void close() {
    stopping = true;
    try {
      thread.join();
    } catch (InterruptedException e) {
      // The model is left to the end of the process: its thread may still be inside.
      Thread.currentThread().interrupt();
      return;
    }
    model.close();
  }
}
