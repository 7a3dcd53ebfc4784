package io.cnn2gnn.topology.app;

import io.cnn2gnn.model.bundle.Bundle;
import io.cnn2gnn.model.bundle.BundleException;
import io.cnn2gnn.model.image.DecodeCost;
import io.cnn2gnn.model.inference.StudentModel;
import io.cnn2gnn.model.reference.ReferenceFetcher;
import io.cnn2gnn.model.torch.Torch;
import io.cnn2gnn.schemas.RegistryUnavailableException;
import io.cnn2gnn.schemas.SchemaRegistrationException;
import io.cnn2gnn.schemas.SchemaRegistries;
import io.cnn2gnn.schemas.WireReader;
import io.cnn2gnn.schemas.WireWriter;
import io.cnn2gnn.schemas.avro.Image;
import io.cnn2gnn.schemas.avro.Prediction;
import io.cnn2gnn.topology.ClassificationTopology;
import io.cnn2gnn.topology.batching.Drain;
import io.cnn2gnn.topology.consumer.Backpressure;
import io.cnn2gnn.topology.consumer.ImageClients;
import io.cnn2gnn.topology.decode.DecodeAhead;
import io.cnn2gnn.topology.decode.ImageLimits;
import io.cnn2gnn.topology.decode.Lanes;
import io.cnn2gnn.topology.decode.Patience;
import io.cnn2gnn.topology.decode.RecordDecoder;
import io.cnn2gnn.topology.decode.Waiting;
import io.cnn2gnn.topology.heap.HeapFaults;
import io.cnn2gnn.topology.inference.AnswerListener;
import io.cnn2gnn.topology.input.KafkaInputRecords;
import io.cnn2gnn.topology.metrics.AppMetrics;
import io.cnn2gnn.topology.pages.BankPage;
import io.cnn2gnn.topology.pages.ModelPage;
import io.cnn2gnn.topology.serving.ActiveModel;
import io.cnn2gnn.topology.serving.Classifier;
import io.cnn2gnn.topology.serving.ServedModel;
import io.cnn2gnn.topology.trace.Traces;
import io.confluent.kafka.schemaregistry.client.SchemaRegistryClient;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.kafka.KafkaStreamsMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.opentelemetry.api.GlobalOpenTelemetry;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.CountDownLatch;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.KafkaStreams.State;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.state.HostInfo;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The topology as a service: checks what it depends on, warms the model up, runs, and tells how it
 * ended.
 */
public final class ClassificationApp implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ClassificationApp.class);
  private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(20);
  private static final Duration LONGEST_HTTP_CONNECTION = Duration.ofSeconds(10);

  /** For threads that may wait for the clock. */
  private static final Duration NO_TIME = Duration.ofSeconds(1);

  private static final Duration DRAIN_TIMEOUT = Duration.ofSeconds(5);

  /** A record of up to so many times the limit has a dead letter that tells its hash. */
  private static final long MOST_OVERSIZE = 4;

  private static final Duration REREAD_TIMEOUT = Duration.ofSeconds(5);

  private final Drain drain;
  private final Waiting waiting;
  private final HeapFaults heap;
  private final Refusals refusals =
      new Refusals(System::nanoTime, pause -> Thread.sleep(pause.toMillis()));
  private final KafkaStreams streams;
  private final Deque<AutoCloseable> resources;
  private final CountDownLatch stopping;
  private final CountDownLatch ended = new CountDownLatch(1);
  private volatile Optional<String> clockFailure = Optional.empty();
  private boolean closed;

  private ClassificationApp(
      CountDownLatch stopping,
      Drain drain,
      Waiting waiting,
      HeapFaults heap,
      KafkaStreams streams,
      Deque<AutoCloseable> resources) {
    this.stopping = stopping;
    this.drain = drain;
    this.waiting = waiting;
    this.heap = heap;
    this.streams = streams;
    this.resources = resources;
  }

  /**
   * Loads and checks a model, apart from {@link #start} so that it can be done while brokers start.
   *
   * @throws StartupException if the bundle or the device cannot be used
   */
  public static StudentModel loadModel(AppConfig config) throws StartupException {
    try {
      return StudentModel.open(
          Bundle.read(config.bundle()), Torch.device(config.device()), config.candidates());
    } catch (BundleException | IllegalArgumentException e) {
      throw new StartupException(e.getMessage(), e);
    }
  }

  /** Loads the model of the configuration and starts. */
  public static ClassificationApp start(AppConfig config) throws StartupException {
    return start(config, loadModel(config));
  }

  /** Starts with the model as it is. */
  public static ClassificationApp start(AppConfig config, StudentModel model)
      throws StartupException {
    return start(config, model, Classifier::of);
  }

  /**
   * Starts; returns when the threads run, which is before partitions are assigned.
   *
   * @param model closed with the application, also if this throws
   * @param classifier makes what answers for a model: itself, or something around it
   * @throws StartupException in one line, if broker, registry, topics, time budget or port are
   *     amiss
   */
  public static ClassificationApp start(
      AppConfig config, StudentModel model, Function<StudentModel, Classifier> classifier)
      throws StartupException {
    Deque<AutoCloseable> resources = new ArrayDeque<>();
    ActiveModel models = new ActiveModel(new ServedModel(model, classifier));
    resources.push(models);
    try {
      return open(config, model, classifier, models, resources);
    } catch (StartupException | RuntimeException e) {
      closeAll(resources, e);
      throw e;
    } catch (IOException e) {
      closeAll(resources, e);
      throw new StartupException("the state directory cannot be used: " + e.getMessage(), e);
    }
  }

  private static ClassificationApp open(
      AppConfig config,
      StudentModel model,
      Function<StudentModel, Classifier> classifier,
      ActiveModel models,
      Deque<AutoCloseable> resources)
      throws StartupException, IOException {
    try {
      Supplier<DecodeCost> cost = WarmUp.decoders();
      double millis =
          WarmUp.worstMillisPerImage(
              model, config.topology().batch().maxImages(), config.topology().bank().capacity());
      Properties settings = StreamsSettings.of(config);
      StreamsSettings.makeStateDir(config, settings);
      InstanceId instance = InstanceId.claim(StreamsSettings.instanceFolder(settings));
      resources.push(instance);
      StreamsSettings.join(settings, instance);
      TimeBudget budget =
          TimeBudget.fit(settings, config.clients(), config.topology().batch().maxImages(), millis);
      budget.check();
      LOG.info(
          "model {} {} warmed up, {} ms per image at worst",
          model.card().name(),
          model.card().version(),
          String.format("%.2f", millis));
      Topics.ensure(config);
      Topics.checkInternal(config, settings.getProperty(StreamsConfig.APPLICATION_ID_CONFIG));
      SchemaRegistryClient registry = connect(config);
      resources.push(registry);
      boolean register = SchemaRegistries.autoRegister(config.clients());
      if (register) {
        // So that a producer in any language finds the schema before the first image.
        writer(registry, config.topology().topics().images(), Image.class, true);
      }
      PrometheusMeterRegistry metrics = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
      resources.push(metrics::close);
      new JvmMemoryMetrics().bindTo(metrics);
      JvmGcMetrics collections = new JvmGcMetrics();
      collections.bindTo(metrics);
      resources.push(collections);
      ReferenceFetcher references = new ReferenceFetcher(config.references());
      WireReader<Image> reader = new WireReader<>(registry, Image.class);
      HeapShares shares = HeapShares.ofThisHeap();
      ImageLimits limits = shares.images(config.topology().maxPixels(), cost.get());
      Supplier<RecordDecoder> decoders =
          () -> new RecordDecoder(reader, references, limits, config.topology().maxInputBytes());
      AppMetrics counts = new AppMetrics(metrics);
      HeapFaults heap = new HeapFaults(System::nanoTime, counts);
      model.observe(counts::phases);
      Function<StudentModel, Classifier> observed =
          released -> {
            released.observe(counts::phases);
            return classifier.apply(released);
          };
      AnswerListener listener =
          new ReleaseSetup(config, settings, registry, register, instance.value(), metrics)
              .watch(models, observed, decoders, heap, resources);
      Waiting waiting = new Waiting();
      DecodeAhead decoding =
          new DecodeAhead(
              decoders,
              Lanes.of(decodeThreads(config, settings)),
              limits,
              new Patience(config.topology().referencePatience(), System::nanoTime, waiting),
              heap,
              counts);
      resources.push(decoding);
      Drain drain = new Drain();
      Backpressure backpressure = new Backpressure(shares.waitingBytes());
      CountDownLatch stopping = new CountDownLatch(1);
      ImageClients clients =
          new ImageClients(
              reading(settings),
              config.topology().topics().images(),
              backpressure,
              shares.pollBytes(streamThreads(settings)),
              MOST_OVERSIZE * config.topology().maxRecordBytes(),
              heap,
              () -> stopping.getCount() == 0);
      KafkaStreams streams =
          new KafkaStreams(
              ClassificationTopology.build(
                  config.topology(),
                  new ClassificationTopology.Parts(
                      models,
                      listener,
                      decoding,
                      writer(
                          registry,
                          config.topology().topics().predictions(),
                          Prediction.class,
                          register),
                      new KafkaInputRecords(
                          config.topology().topics().images(),
                          clients::single,
                          REREAD_TIMEOUT,
                          heap),
                      drain,
                      System::nanoTime,
                      System::currentTimeMillis,
                      backpressure,
                      new Traces(GlobalOpenTelemetry.get()),
                      counts)),
              settings,
              clients);
      // Its clients exist already, though it has not started.
      resources.push(() -> streams.close(CLOSE_TIMEOUT));
      KafkaStreamsMetrics kafkaMetrics = new KafkaStreamsMetrics(streams);
      resources.push(kafkaMetrics);
      ClassificationApp app =
          new ClassificationApp(stopping, drain, waiting, heap, streams, resources);
      app.serve(config, metrics, settings, models);
      kafkaMetrics.bindTo(metrics);
      gauges(metrics, budget, drain, waiting);
      app.run();
      return app;
    } catch (RegistryUnavailableException
        | SchemaRegistrationException
        | ConfigException
        | IllegalArgumentException e) {
      throw new StartupException(e.getMessage(), e);
    } catch (KafkaException e) {
      // Kafka says what it could not make, and only its cause says why.
      Throwable cause = e.getCause() == null ? e : e.getCause();
      throw new StartupException(
          BrokerFaults.explain("the broker", e).orElse(e.getMessage() + ": " + cause.getMessage()),
          e);
    }
  }

  private static int decodeThreads(AppConfig config, Properties settings) {
    int spare = Runtime.getRuntime().availableProcessors() - streamThreads(settings);
    return config.decodeThreads().orElse(Math.max(0, spare));
  }

  private static int streamThreads(Properties settings) {
    return new StreamsConfig(settings).getInt(StreamsConfig.NUM_STREAM_THREADS_CONFIG);
  }

  private static void closeAll(Deque<AutoCloseable> resources, Exception reason) {
    while (!resources.isEmpty()) {
      try {
        resources.pop().close();
      } catch (Exception e) {
        reason.addSuppressed(e);
      }
    }
  }

  private static Map<String, Object> reading(Properties settings) {
    // As the consumer that restores stores: in no group, with the user's security settings.
    Map<String, Object> restoring =
        new StreamsConfig(settings).getRestoreConsumerConfigs("cnn2gnn-pending");
    restoring.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
    restoring.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
    restoring.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
    return restoring;
  }

  private static SchemaRegistryClient connect(AppConfig config) {
    SchemaRegistryClient registry = SchemaRegistries.create(config.clients());
    SchemaRegistries.ping(registry, config.clients().get("schema.registry.url"));
    return registry;
  }

  /**
   * Registering both schemas at the start means no later record waits for the registry to do so.
   */
  private static <T extends SpecificRecord> WireWriter<T> writer(
      SchemaRegistryClient registry, String topic, Class<T> type, boolean register) {
    if (register) {
      SchemaRegistries.ensureBackward(registry, topic + "-value");
    }
    return new WireWriter<>(registry, topic, type, register);
  }

  private void serve(
      AppConfig config, PrometheusMeterRegistry metrics, Properties settings, ActiveModel models)
      throws StartupException {
    if (config.httpPort() < 0) {
      return;
    }
    Optional<HostInfo> self = StreamsSettings.advertised(settings);
    if (self.isEmpty()) {
      LOG.warn(
          "other instances cannot look into this one's bank: set {} to the HOST:PORT by which they"
              + " reach it",
          AppConfig.HTTP_ADVERTISED);
    }
    BankPage bank =
        BankPage.of(
            streams,
            self,
            config.topology().bank().capacity(),
            Topics.partitions(config.clients(), config.topology().topics().images()));
    resources.push(
        new HttpEndpoints(
            HttpAddress.of(config, self),
            LONGEST_HTTP_CONNECTION,
            this::isLive,
            this::isReady,
            metrics,
            Map.of("/model", new ModelPage(models), BankPage.PATH, bank)));
  }

  private static void gauges(
      MeterRegistry metrics, TimeBudget budget, Drain drain, Waiting waiting) {
    Gauge.builder("cnn2gnn.poll.budget.ratio", () -> budget.pollMillis() / budget.allowedMillis())
        .description("Worst time to work off one poll, as a share of what is safe")
        .register(metrics);
    Gauge.builder("cnn2gnn.images.pending", drain::open)
        .description("Images that wait for their batch")
        .register(metrics);
    Gauge.builder("cnn2gnn.records.waiting", waiting::records)
        .description("Records that wait for a registry or for the host of a reference")
        .register(metrics);
    Gauge.builder("cnn2gnn.process.resident", ProcessMemory::residentBytes)
        .description("What the process holds of memory, libtorch's included")
        .baseUnit("bytes")
        .register(metrics);
  }

  private void run() {
    streams.setUncaughtExceptionHandler(new ThreadReplacement(System::nanoTime, refusals, heap));
    streams.setStateListener(
        (now, before) -> {
          LOG.info("{} -> {}", before, now);
          if (now == State.RUNNING) {
            refusals.started();
          }
          if (now == State.NOT_RUNNING || now == State.ERROR) {
            ended.countDown();
          }
        });
    WallClock clock =
        new WallClock(System::currentTimeMillis, System::nanoTime, this::wallClockWentBack);
    resources.push(clock);
    streams.start();
    clock.start();
  }

  private void wallClockWentBack(Duration back) {
    clockFailure =
        Optional.of(
            "the wall clock went back by %d s, and Kafka's clients would wait until it has caught up:"
                    .formatted(back.toSeconds())
                + " this instance ends, and loses nothing; start it again");
    LOG.error(clockFailure.get());
    ended.countDown();
  }

  /** False once the application has failed for good. */
  public boolean isLive() {
    return clockFailure.isEmpty()
        && streams.state() != State.ERROR
        && streams.state() != State.PENDING_ERROR;
  }

  /**
   * True while partitions are assigned, their stores restored, the model in service, and no record
   * waits for a registry or a reference that is away, and the broker refuses us nothing.
   */
  public boolean isReady() {
    return clockFailure.isEmpty()
        && streams.state() == State.RUNNING
        && !waiting.isAny()
        && !refusals.isAny(System.nanoTime());
  }

  /** What has ended the service, such as a refusal of the broker, in one line with what to do. */
  public Optional<String> failure() {
    return clockFailure.or(refusals::fatal);
  }

  /** Waits until it has ended; false if it ended by failure. */
  public boolean awaitEnd() throws InterruptedException {
    ended.await();
    return isLive();
  }

  /**
   * Classifies the open batches, commits, and releases everything. An image that does not get its
   * batch in time stays pending. May be called more than once, also from a shutdown hook.
   */
  @Override
  public synchronized void close() {
    if (closed) {
      return;
    }
    closed = true;
    drain();
    stopping.countDown();
    Duration longest = clockFailure.isEmpty() ? CLOSE_TIMEOUT : NO_TIME;
    if (!streams.close(longest)) {
      // A thread may still be inside the model: its memory is left to the end of the process.
      LOG.warn("stream threads did not stop within {} s", longest.toSeconds());
      return;
    }
    IllegalStateException failure = new IllegalStateException("not everything could be closed");
    closeAll(resources, failure);
    if (failure.getSuppressed().length > 0) {
      throw failure;
    }
  }

  private void drain() {
    if (!isReady()) {
      return; // nobody would classify them
    }
    try {
      if (!drain.await(DRAIN_TIMEOUT)) {
        LOG.warn("{} images stay pending for the next start", drain.open());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
