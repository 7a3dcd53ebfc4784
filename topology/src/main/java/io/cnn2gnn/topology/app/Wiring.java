package io.cnn2gnn.topology.app;

import io.cnn2gnn.intake.ImageReader;
import io.cnn2gnn.intake.InputFormat;
import io.cnn2gnn.intake.LabelRecords;
import io.cnn2gnn.model.reference.ReferenceFetcher;
import io.cnn2gnn.schemas.PlainJson;
import io.cnn2gnn.schemas.SchemaRegistries;
import io.cnn2gnn.schemas.ValueWriter;
import io.cnn2gnn.schemas.WireReader;
import io.cnn2gnn.schemas.WireWriter;
import io.cnn2gnn.schemas.avro.Image;
import io.cnn2gnn.schemas.avro.Label;
import io.cnn2gnn.schemas.avro.LabelOutcome;
import io.cnn2gnn.schemas.avro.Prediction;
import io.cnn2gnn.topology.ClassificationTopology;
import io.cnn2gnn.topology.ClassificationTopology.Clocks;
import io.cnn2gnn.topology.ClassificationTopology.Input;
import io.cnn2gnn.topology.ClassificationTopology.Output;
import io.cnn2gnn.topology.ClassificationTopology.Parts;
import io.cnn2gnn.topology.backlog.BacklogReader;
import io.cnn2gnn.topology.backlog.BacklogWatch;
import io.cnn2gnn.topology.backlog.GroupOffsets;
import io.cnn2gnn.topology.batching.Drain;
import io.cnn2gnn.topology.consumer.Backpressure;
import io.cnn2gnn.topology.consumer.ImageClients;
import io.cnn2gnn.topology.decode.DecodeAhead;
import io.cnn2gnn.topology.decode.DecodingJournal;
import io.cnn2gnn.topology.decode.ImageLimits;
import io.cnn2gnn.topology.decode.Lanes;
import io.cnn2gnn.topology.decode.Patience;
import io.cnn2gnn.topology.decode.RecordDecoder;
import io.cnn2gnn.topology.decode.Waiting;
import io.cnn2gnn.topology.flow.Nodes;
import io.cnn2gnn.topology.flow.TopicNames;
import io.cnn2gnn.topology.heap.HeapFaults;
import io.cnn2gnn.topology.heap.HeapFaults.Place;
import io.cnn2gnn.topology.inference.AnswerListener;
import io.cnn2gnn.topology.input.KafkaInputRecords;
import io.cnn2gnn.topology.metrics.BacklogMetrics;
import io.cnn2gnn.topology.metrics.ServiceGauges;
import io.cnn2gnn.topology.serving.ActiveModel;
import io.cnn2gnn.topology.serving.ModelFactory;
import io.cnn2gnn.topology.teaching.LabelInput;
import io.cnn2gnn.topology.teaching.LabelledTier;
import io.cnn2gnn.topology.teaching.TierTopic;
import io.cnn2gnn.topology.teaching.TruthListener;
import io.cnn2gnn.topology.trace.Traces;
import io.cnn2gnn.topology.truth.TruthMonitor;
import io.micrometer.core.instrument.binder.kafka.KafkaStreamsMetrics;
import io.opentelemetry.api.GlobalOpenTelemetry;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Supplier;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StreamsConfig;

/** Makes a service's parts and connects them. Nothing of it runs yet. */
final class Wiring {
  static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(20);

  /** A record of up to so many times the limit has a dead letter that tells its hash. */
  private static final long MOST_OVERSIZE = 4;

  /** So long a registry may not know the schema of a record: one of its copies may be behind. */
  static final Duration SCHEMA_PATIENCE = Duration.ofSeconds(5);

  private static final Duration FIRST_READ = Duration.ofSeconds(60);
  private static final Duration REREAD_TIMEOUT = Duration.ofSeconds(5);

  private final AppConfig config;
  private final Preflight checked;
  private final Meters meters;
  private final Resources resources;
  private final HeapFaults heap;
  private final HeapShares shares = HeapShares.ofThisHeap();
  private final Drain drain = new Drain();
  private final Waiting waiting = new Waiting();
  private final Backpressure backpressure = new Backpressure(shares.waitingBytes());
  private final Backpressure labelBackpressure = new Backpressure(Long.MAX_VALUE);
  private final LabelledTier tier = new LabelledTier();
  private final CountDownLatch stopping = new CountDownLatch(1);
  private final boolean register;

  /**
   * Of what was checked.
   *
   * @param resources gets what is opened
   */
  Wiring(AppConfig config, Preflight checked, Meters meters, Resources resources) {
    this.config = config;
    this.checked = checked;
    this.meters = meters;
    this.resources = resources;
    this.heap = new HeapFaults(System::nanoTime, meters.app());
    this.register = SchemaRegistries.autoRegister(config.clients());
  }

  HeapFaults heap() {
    return heap;
  }

  ImagePartitions partitions() {
    return checked.partitions();
  }

  Drain drain() {
    return drain;
  }

  LabelledTier tier() {
    return tier;
  }

  Waiting waiting() {
    return waiting;
  }

  /** Counted down when the service stops: whoever would try on gives up. */
  CountDownLatch stopping() {
    return stopping;
  }

  /**
   * Kafka Streams over the topology, not started.
   *
   * @param models with the model that the service begins with
   * @param factory makes those that are released
   * @param truths hears of answers whose class became known
   * @throws StartupException if the releases cannot be followed
   */
  KafkaStreams streams(ActiveModel models, ModelFactory factory, TruthMonitor truths)
      throws StartupException {
    if (register) {
      // So that a producer in any language finds the schemas before the first record.
      if (config.input() == InputFormat.AVRO) {
        writer(config.topology().topics().images(), Image.class);
      }
      writer(config.topology().topics().labels(), Label.class);
    }
    ImageLimits limits = shares.images(config.topology().maxPixels(), checked.cost());
    Supplier<RecordDecoder> decoders = decoders(limits);
    AnswerListener listener =
        new ReleaseSetup(config, checked, register, meters.registry(), truths)
            .watch(models, factory, decoders, heap, resources);
    DecodeAhead decoding = resources.add(decoding(decoders, limits));
    ImageClients clients = clients();
    KafkaStreams streams =
        new KafkaStreams(
            ClassificationTopology.build(
                config.topology(),
                new Parts(
                    new Input(models, decoding, inputRecords(clients)),
                    new Output(listener, predictions(), new Traces(GlobalOpenTelemetry.get())),
                    labels(truths),
                    drain,
                    backpressure,
                    Clocks.SYSTEM,
                    meters.app())),
            checked.settings(),
            clients);
    // Its clients exist already, though it has not started.
    resources.add(() -> streams.close(CLOSE_TIMEOUT));
    return streams;
  }

  private ValueWriter<Prediction> predictions() {
    return switch (config.output()) {
      case AVRO -> writer(config.topology().topics().predictions(), Prediction.class);
      case JSON -> new PlainJson<>(Prediction.class);
    };
  }

  private LabelInput labels(TruthListener truths) {
    String topic = TopicNames.labelled(StreamsSettings.applicationId(checked.settings()));
    resources.add(
        TierTopic.follow(
            new KafkaConsumer<>(
                StreamsSettings.reading(checked.settings(), "cnn2gnn-labelled"),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer()),
            topic,
            () -> Topics.end(config.clients(), new TopicPartition(topic, 0)),
            tier,
            FIRST_READ));
    ExecutorService reading = Executors.newSingleThreadExecutor(Wiring::daemon);
    resources.add(reading::shutdownNow);
    TopicNames topics = config.topology().topics();
    return new LabelInput(
        new LabelRecords(
            new WireReader<>(checked.registry(), topics.labels(), Label.class, SCHEMA_PATIENCE)),
        tier,
        topic,
        checked.partitions()::count,
        writer(topics.labelOutcomes(), LabelOutcome.class),
        truths,
        reading,
        labelBackpressure,
        waiting);
  }

  private static Thread daemon(Runnable work) {
    Thread thread = new Thread(work, "labels");
    thread.setDaemon(true);
    return thread;
  }

  private Supplier<RecordDecoder> decoders(ImageLimits limits) throws StartupException {
    ReferenceFetcher references = new ReferenceFetcher(config.references());
    ImageReader records =
        ImageReader.of(
            config.input(),
            () ->
                new WireReader<>(
                    checked.registry(),
                    config.topology().topics().images(),
                    Image.class,
                    SCHEMA_PATIENCE));
    DecodingJournal journal = resources.add(journal());
    return () ->
        new RecordDecoder(records, references, limits, journal, config.topology().maxInputBytes());
  }

  private DecodingJournal journal() throws StartupException {
    Path folder = StreamsSettings.instanceFolder(checked.settings());
    try {
      return DecodingJournal.open(folder.resolve("decoding-" + checked.instance()));
    } catch (IOException e) {
      throw new StartupException("the state directory cannot be used: " + e, e);
    }
  }

  private DecodeAhead decoding(Supplier<RecordDecoder> decoders, ImageLimits limits) {
    int spare = Runtime.getRuntime().availableProcessors() - checked.streamThreads();
    return new DecodeAhead(
        decoders,
        Lanes.of(config.decodeThreads().orElse(Math.max(0, spare))),
        limits,
        new Patience(config.topology().referencePatience(), System::nanoTime, waiting),
        heap,
        meters.app());
  }

  private ImageClients clients() {
    return new ImageClients(
        StreamsSettings.reading(checked.settings(), "cnn2gnn-pending"),
        Map.of(
            config.topology().topics().images(),
            backpressure,
            config.topology().topics().labels(),
            labelBackpressure),
        shares.pollBytes(checked.streamThreads()),
        MOST_OVERSIZE * config.topology().maxRecordBytes(),
        heap,
        () -> drain.open() > 0,
        () -> stopping.getCount() == 0);
  }

  private KafkaInputRecords inputRecords(ImageClients clients) {
    return new KafkaInputRecords(
        config.topology().topics().images(), clients::single, REREAD_TIMEOUT, heap);
  }

  /** Registering both schemas at the start means no later record waits for the registry to. */
  private <T extends SpecificRecord> WireWriter<T> writer(String topic, Class<T> type) {
    if (register) {
      SchemaRegistries.ensureBackward(checked.registry(), topic, type);
    }
    return new WireWriter<>(checked.registry(), topic, type, register);
  }

  /** Shows Kafka's figures and those of the parts, and how late the answers are. */
  void measure(KafkaStreams streams) {
    if (config.httpPort() >= 0) {
      resources.add(backlog()).start();
    }
    resources.add(new KafkaStreamsMetrics(streams)).bindTo(meters.registry());
    TimeBudget budget = checked.budget();
    new ServiceGauges(
            () -> budget.pollMillis() / budget.allowedMillis(),
            drain::open,
            waiting::records,
            checked.partitions()::count,
            ProcessMemory::residentBytes)
        .bindTo(meters.registry());
  }

  private BacklogWatch backlog() {
    String application = StreamsSettings.applicationId(checked.settings());
    Admin admin =
        resources.add(
            Admin.create(new StreamsConfig(checked.settings()).getAdminConfigs("cnn2gnn-backlog")));
    Map<String, Object> reading =
        BacklogReader.settings(StreamsSettings.reading(checked.settings(), "cnn2gnn-backlog"));
    BacklogReader reader =
        new BacklogReader(
            config.topology().topics().images(),
            Footprint.changelog(application, Nodes.PENDING_STORE),
            GroupOffsets.of(admin, application),
            () ->
                new KafkaConsumer<>(
                    reading, new ByteArrayDeserializer(), new ByteArrayDeserializer()),
            (what, error) -> heap.decide(Place.POLL, what, error));
    return new BacklogWatch(reader, new BacklogMetrics(meters.registry()), Clock.systemUTC());
  }
}
