package io.cnn2gnn.topology.decode;

import io.cnn2gnn.topology.AppMetrics;
import io.cnn2gnn.topology.Nodes;
import io.cnn2gnn.topology.Source;
import io.cnn2gnn.topology.batching.InputRecords;
import io.cnn2gnn.topology.batching.Progress;
import io.cnn2gnn.topology.deadletter.DeadLetters;
import io.cnn2gnn.topology.decode.RecordDecoder.Decoding;
import io.cnn2gnn.topology.serving.ActiveModel;
import java.util.Optional;
import java.util.function.Supplier;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.processor.api.RecordMetadata;

/** Record in, accepted image or dead letter out. */
public final class DecodeProcessor implements Processor<byte[], byte[], byte[], Object> {
  private final Supplier<RecordDecoder> decoders;
  private final ActiveModel models;
  private final Patience patience;
  private final DeadLetters deadLetters;
  private final InputRecords inputRecords;
  private final AppMetrics metrics;
  private ProcessorContext<byte[], Object> context;
  private RecordDecoder decoder;
  private Progress progress;

  /**
   * Makes one.
   *
   * @param decoders decode records; one is closed with this
   * @param models say to which size
   * @param inputRecords shows what the input topic holds
   */
  public DecodeProcessor(
      Supplier<RecordDecoder> decoders,
      ActiveModel models,
      Patience patience,
      DeadLetters deadLetters,
      InputRecords inputRecords,
      AppMetrics metrics) {
    this.decoders = decoders;
    this.models = models;
    this.patience = patience;
    this.deadLetters = deadLetters;
    this.inputRecords = inputRecords;
    this.metrics = metrics;
  }

  @Override
  public void init(ProcessorContext<byte[], Object> context) {
    this.context = context;
    this.progress = Progress.of(context, inputRecords, metrics);
    this.decoder = decoders.get();
  }

  @Override
  public void process(Record<byte[], byte[]> record) {
    RecordMetadata at =
        context
            .recordMetadata()
            .orElseThrow(() -> new IllegalStateException("decode reads from a topic only"));
    Source source =
        new Source(
            at.topic(),
            at.partition(),
            at.offset(),
            record.timestamp(),
            Optional.ofNullable(record.key()),
            Optional.ofNullable(record.value()),
            record.headers());
    if (progress.isRepeat(source)) {
      return;
    }
    long start = System.nanoTime();
    Decoding decoding =
        patience.whileAway(() -> decoder.decode(source, models.card().student().input()));
    metrics.decoded(System.nanoTime() - start);
    if (decoding instanceof Decoding.Accepted accepted) {
      context.forward(
          new Record<>(record.key(), accepted.image(), record.timestamp(), record.headers()),
          Nodes.BATCH);
    } else if (decoding instanceof Decoding.Refused refused) {
      context.forward(deadLetters.of(source, refused.rejection()), Nodes.DEAD_LETTERS);
    }
    progress.taken(source);
  }

  @Override
  public void close() {
    decoder.close();
  }
}
