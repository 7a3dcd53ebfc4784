package io.cnn2gnn.benchmarks.pipeline;

import ai.djl.ndarray.NDManager;
import io.cnn2gnn.intake.LabelRecords;
import io.cnn2gnn.model.bundle.ModelCard;
import io.cnn2gnn.model.graph.Candidates;
import io.cnn2gnn.model.image.InputSpec;
import io.cnn2gnn.model.inference.StudentModel;
import io.cnn2gnn.model.net.Images;
import io.cnn2gnn.model.net.Teacher;
import io.cnn2gnn.model.torch.Torch;
import io.cnn2gnn.model.torch.TorchModule;
import io.cnn2gnn.schemas.WireReader;
import io.cnn2gnn.schemas.WireWriter;
import io.cnn2gnn.schemas.avro.Label;
import io.cnn2gnn.schemas.avro.LabelOutcome;
import io.cnn2gnn.schemas.avro.Prediction;
import io.cnn2gnn.schemas.avro.Score;
import io.cnn2gnn.topology.ClassificationTopology;
import io.cnn2gnn.topology.ClassificationTopology.Clocks;
import io.cnn2gnn.topology.ClassificationTopology.Input;
import io.cnn2gnn.topology.ClassificationTopology.Output;
import io.cnn2gnn.topology.ClassificationTopology.Parts;
import io.cnn2gnn.topology.app.AppConfig;
import io.cnn2gnn.topology.batching.Drain;
import io.cnn2gnn.topology.consumer.Backpressure;
import io.cnn2gnn.topology.decode.DecodeAhead;
import io.cnn2gnn.topology.decode.Lanes;
import io.cnn2gnn.topology.decode.Patience;
import io.cnn2gnn.topology.decode.RecordDecoder;
import io.cnn2gnn.topology.decode.RecordDecoder.Decoding;
import io.cnn2gnn.topology.decode.Waiting;
import io.cnn2gnn.topology.flow.DecodedImage;
import io.cnn2gnn.topology.flow.Source;
import io.cnn2gnn.topology.flow.TopicNames;
import io.cnn2gnn.topology.heap.HeapFaults;
import io.cnn2gnn.topology.metrics.AppMetrics;
import io.cnn2gnn.topology.serving.ActiveModel;
import io.cnn2gnn.topology.serving.Classifier;
import io.cnn2gnn.topology.serving.ServedModel;
import io.cnn2gnn.topology.teaching.LabelInput;
import io.cnn2gnn.topology.teaching.LabelledTier;
import io.cnn2gnn.topology.trace.Traces;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler.StreamThreadExceptionResponse;

/** Kafka Streams topologies other than the service. */
final class StreamsPeer implements Peer {
  private static final Duration CLOSE = Duration.ofSeconds(20);

  /** Less exact than the shipped student on Fashion-MNIST: 91.6 % to 92.9 %. */
  private static final String TEACHER = "resnet8x16";

  private final KafkaStreams streams;
  private final Deque<Runnable> resources;
  private final AtomicReference<Throwable> failure = new AtomicReference<>();

  StreamsPeer(Topology topology, Properties settings, Deque<Runnable> resources) {
    this.resources = resources;
    this.streams = new KafkaStreams(topology, settings);
    streams.setUncaughtExceptionHandler(
        e -> {
          failure.set(e);
          return StreamThreadExceptionResponse.SHUTDOWN_CLIENT;
        });
    streams.start();
  }

  /** The service's topology without transactions, with the same intervals. */
  static StreamsPeer atLeastOnce(Setup setup) throws Exception {
    AppConfig config = setup.config(Map.of());
    Deque<Runnable> resources = new ArrayDeque<>();
    StudentModel model = StudentModel.open(setup.bundle(), Torch.device("cpu"), Candidates.BOTH);
    ActiveModel models = new ActiveModel(new ServedModel(model, Classifier.of(model)));
    resources.push(models::close);
    AppMetrics metrics = new AppMetrics(new SimpleMeterRegistry());
    int spare = Runtime.getRuntime().availableProcessors() - 1;
    DecodeAhead decoding =
        new DecodeAhead(
            setup::decoder,
            Lanes.of(spare),
            setup.limits(),
            new Patience(config.topology().referencePatience(), System::nanoTime, new Waiting()),
            new HeapFaults(System::nanoTime, metrics),
            metrics);
    resources.push(decoding::close);
    Topology topology =
        ClassificationTopology.build(
            config.topology(),
            new Parts(
                new Input(models, decoding, (partition, offsets) -> List.of()),
                new Output(
                    (answering, images, answers, nanos) -> {}, setup.writer(), Traces.none()),
                labels(setup, config),
                new Drain(),
                new Backpressure(Long.MAX_VALUE),
                Clocks.SYSTEM,
                metrics));
    return new StreamsPeer(topology, settings(setup), resources);
  }

  /** Nobody labels anything, but the topology reads labels and their topic has to be there. */
  private static LabelInput labels(Setup setup, AppConfig config) throws Exception {
    String topic = config.topology().topics().labels();
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", setup.broker()))) {
      if (!admin.listTopics().names().get().contains(topic)) {
        admin.createTopics(List.of(new NewTopic(topic, 1, (short) 1))).all().get();
      }
    }
    return new LabelInput(
        new LabelRecords(new WireReader<>(setup.registry(), "labels", Label.class)),
        new LabelledTier(),
        TopicNames.labelled(setup.output()),
        () -> 1,
        new WireWriter<>(
            setup.registry(), config.topology().topics().labelOutcomes(), LabelOutcome.class, true),
        (answering, answered, truth) -> {},
        Runnable::run,
        new Backpressure(Long.MAX_VALUE),
        new Waiting());
  }

  /** The CNN of those who have no student. */
  static Teacher.Spec teacher(ModelCard card) {
    return Teacher.Spec.parse(TEACHER, card.student().input(), card.classes().size());
  }

  /** As somebody would write it who has a CNN and Kafka Streams. */
  static StreamsPeer mapValuesCnn(Setup setup) {
    List<String> classes = setup.bundle().card().classes();
    InputSpec input = setup.bundle().card().student().input();
    Teacher.Spec spec = teacher(setup.bundle().card());
    // What a CNN costs does not depend on its weights.
    TorchModule cnn =
        TorchModule.frozen(Teacher.serving(spec, Teacher.initial(spec, 1)), Torch.device("cpu"));
    return mapValues(
        setup,
        image -> {
          try (NDManager scope = cnn.newManager()) {
            float[] logits =
                cnn.run("logits", Images.batch(scope, input, image.query().pixels()))
                    .head()
                    .toFloatArray();
            return classes.get(Scorer.best(logits));
          }
        },
        cnn::close);
  }

  static StreamsPeer mapValuesWithoutModel(Setup setup) {
    return mapValues(setup, image -> "one", () -> {});
  }

  private static StreamsPeer mapValues(
      Setup setup, Function<DecodedImage, String> model, Runnable closed) {
    return mapValues(setup, FileDecoder.ofService(setup), model, closed);
  }

  /** The same on ONNX Runtime, with another decoder. */
  static StreamsPeer mapValuesOnnx(Setup setup, FileDecoder decoder) {
    List<String> classes = setup.bundle().card().classes();
    OnnxScorer cnn = new OnnxScorer(OnnxResNet.of(teacher(setup.bundle().card()), 1));
    return mapValues(
        setup,
        decoder,
        image -> classes.get(cnn.best(image.query().pixels(), image.input())),
        cnn::close);
  }

  private static StreamsPeer mapValues(
      Setup setup, FileDecoder decoder, Function<DecodedImage, String> model, Runnable closed) {
    Deque<Runnable> resources = new ArrayDeque<>();
    resources.push(decoder::close);
    resources.push(closed);
    WireWriter<Prediction> writer = setup.writer();
    InputSpec input = setup.bundle().card().student().input();
    StreamsBuilder builder = new StreamsBuilder();
    builder.<byte[], byte[]>stream(setup.input())
        .mapValues(
            value -> {
              DecodedImage image = decoder.decode(value, input);
              return writer.write(prediction(image, model.apply(image)));
            })
        .to(setup.output());
    return new StreamsPeer(builder.build(), settings(setup), resources);
  }

  static DecodedImage decode(RecordDecoder decoder, String topic, byte[] value, InputSpec input) {
    Source source =
        new Source(topic, 0, 0, 0, Optional.empty(), Optional.of(value), new RecordHeaders());
    if (decoder.decode(source, input) instanceof Decoding.Accepted accepted) {
      return accepted.image();
    }
    throw new IllegalStateException("the benchmark's own image is refused");
  }

  static Prediction prediction(DecodedImage image, String label) {
    Instant now = Instant.now();
    return Prediction.newBuilder()
        .setImageId(image.query().id())
        .setLabel(label)
        .setConfidence(1)
        .setScores(List.of(new Score(label, 1f)))
        .setModelVersion("peer")
        .setSpace("none")
        .setBatchId("none")
        .setBatchSize(1)
        .setBankEpoch(0)
        .setNeighbours(List.of())
        .setCapturedAt(image.capturedAt())
        .setPredictedAt(now)
        .build();
  }

  private static Properties settings(Setup setup) {
    Properties p = new Properties();
    p.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, setup.broker());
    p.put(StreamsConfig.APPLICATION_ID_CONFIG, setup.output());
    p.put(StreamsConfig.STATE_DIR_CONFIG, setup.folder().resolve(setup.output()).toString());
    p.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.AT_LEAST_ONCE);
    p.put(StreamsConfig.DEFAULT_KEY_SERDE_CLASS_CONFIG, Serdes.ByteArraySerde.class);
    p.put(StreamsConfig.DEFAULT_VALUE_SERDE_CLASS_CONFIG, Serdes.ByteArraySerde.class);
    p.put(StreamsConfig.POLL_MS_CONFIG, 5);
    p.put(StreamsConfig.COMMIT_INTERVAL_MS_CONFIG, 200);
    p.put(StreamsConfig.STATESTORE_CACHE_MAX_BYTES_CONFIG, 64 << 20);
    p.put(StreamsConfig.consumerPrefix("auto.offset.reset"), "earliest");
    p.put(StreamsConfig.producerPrefix("batch.size"), 256 << 10);
    p.put(StreamsConfig.producerPrefix("linger.ms"), 5);
    return p;
  }

  @Override
  public void requireAlive() {
    if (failure.get() != null) {
      throw new IllegalStateException("the peer has ended", failure.get());
    }
  }

  @Override
  public void close() {
    if (!streams.close(CLOSE)) {
      throw new IllegalStateException("the peer does not stop");
    }
    while (!resources.isEmpty()) {
      resources.pop().run();
    }
  }
}
