package io.cnn2gnn.lab.drift;

import io.cnn2gnn.cli.Main;
import io.cnn2gnn.cli.kit.Carrier;
import io.cnn2gnn.cli.kit.CliException;
import io.cnn2gnn.cli.kit.Connection;
import io.cnn2gnn.cli.kit.ImageProducer;
import io.cnn2gnn.cli.kit.PredictionConsumer;
import io.cnn2gnn.cli.kit.Readiness;
import io.cnn2gnn.cli.kit.Terminal;
import io.cnn2gnn.localstack.JavaCommand;
import io.cnn2gnn.localstack.JavaProcess;
import io.cnn2gnn.localstack.LocalStack;
import io.cnn2gnn.localstack.LocalStackConfig;
import io.cnn2gnn.model.bundle.Bundle;
import io.cnn2gnn.model.bundle.BundleException;
import io.cnn2gnn.model.reference.AllowList;
import io.cnn2gnn.schemas.UnreadableRecordException;
import io.cnn2gnn.schemas.WireReader;
import io.cnn2gnn.schemas.avro.ModelEvent;
import io.cnn2gnn.schemas.avro.ModelEventKind;
import io.cnn2gnn.schemas.avro.ReleaseState;
import io.cnn2gnn.schemas.release.ReleaseWriter;
import io.cnn2gnn.topology.app.AppConfig;
import io.cnn2gnn.topology.app.ClassificationApp;
import io.cnn2gnn.topology.app.StartupException;
import io.cnn2gnn.topology.flow.TopicNames;
import io.cnn2gnn.training.release.BundleStore;
import io.cnn2gnn.training.release.ReleaseRecords;
import io.cnn2gnn.training.service.TrainingClients;
import io.confluent.kafka.schemaregistry.client.SchemaRegistryClient;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * A service of each {@link Way} on one stream, and a training job for the one that is retrained.
 */
final class DriftRun implements AutoCloseable {
  private static final Duration POLL = Duration.ofMillis(100);
  private static final Duration QUIET = Duration.ofSeconds(60);
  private static final Duration STOP = Duration.ofSeconds(20);
  private static final int CAMERAS = 4;

  /**
   * What is run.
   *
   * @param bundle that all begin with
   * @param folder for the store, the training job's files, and what comes out
   * @param rate images a second
   * @param everyLabelled trains at the latest after so many labelled images
   * @param window of the stream that a training sees, an ISO-8601 duration
   */
  record Options(Path bundle, Path folder, double rate, int everyLabelled, String window) {}

  private final Options options;
  private final DriftStream stream;
  private final Map<String, String> properties;
  private final SchemaRegistryClient registry;
  private final Deque<AutoCloseable> open;
  private final Map<Way, DriftRecord> records = new EnumMap<>(Way.class);
  private final List<DriftResult.Event> events = new ArrayList<>();
  private final Instant[] sentAt;
  private final long started = System.nanoTime();
  private Optional<JavaProcess> training = Optional.empty();

  private DriftRun(
      Options options,
      DriftStream stream,
      Map<String, String> properties,
      SchemaRegistryClient registry,
      Deque<AutoCloseable> open) {
    this.options = options;
    this.stream = stream;
    this.properties = properties;
    this.registry = registry;
    this.open = open;
    for (Way way : Way.values()) {
      records.put(way, new DriftRecord(stream));
    }
    this.sentAt = new Instant[stream.images().size()];
  }

  static DriftRun start(Options options, DriftStream stream) throws Exception {
    Deque<AutoCloseable> open = new ArrayDeque<>();
    try {
      System.out.println("starting a broker, a schema registry and three services ...");
      LocalStack stack = LocalStack.start(LocalStackConfig.temporary());
      open.push(stack);
      Map<String, String> properties = new HashMap<>();
      properties.put(Connection.BOOTSTRAP, stack.broker().get());
      properties.put(Connection.REGISTRY, stack.registry().get().toString());
      SchemaRegistryClient registry = Connection.registry(properties);
      DriftRun run = new DriftRun(options, stream, properties, registry, open);
      run.startServices();
      run.publishFirst();
      run.startTraining();
      return run;
    } catch (ExecutionException e) {
      close(open);
      throw new CliException(e.getCause().getMessage(), e);
    } catch (Exception | Error e) {
      close(open);
      throw e;
    }
  }

  private Path store() {
    return options.folder().resolve("store");
  }

  private void startServices()
      throws IOException, StartupException, CliException, InterruptedException {
    // The URI of a folder ends with a slash only if there is one.
    Files.createDirectories(store());
    for (Way way : Way.values()) {
      startService(way);
    }
  }

  /** A topic without labels for the one that is to hear of none. */
  private static String images(Way way) {
    return way == Way.UNTAUGHT ? "images-without-labels" : TopicNames.DEFAULT.images();
  }

  /** All see the same images, and what they tell goes to topics of their own. */
  private Map<String, String> settings(Way way) {
    String name = way.column();
    Map<String, String> own = new HashMap<>();
    own.put("cnn2gnn.topic.predictions", name);
    own.put("cnn2gnn.topic.dead.letters", name + ".dead-letters");
    own.put("cnn2gnn.topic.label.outcomes", name + ".outcomes");
    if (way == Way.RETRAINED) {
      own.put(AllowList.BUNDLES, store().toUri().toString());
    } else {
      own.put("cnn2gnn.topic.model.events", name + ".events");
    }
    own.put("cnn2gnn.topic.images", images(way));
    return own;
  }

  private void startService(Way way) throws StartupException, CliException, InterruptedException {
    Map<String, String> own = new HashMap<>(properties);
    own.put(AppConfig.BUNDLE, options.bundle().toString());
    own.put("application.id", way.column());
    own.put("state.dir", options.folder().resolve(way.column()).toString());
    own.putAll(settings(way));
    ClassificationApp app = ClassificationApp.start(AppConfig.of(own));
    open.push(app);
    Readiness.await(app);
  }

  private void publishFirst() throws IOException, BundleException, InterruptedException {
    Bundle bundle = Bundle.read(options.bundle());
    try (ReleaseWriter writer =
        new ReleaseWriter(
            new TrainingClients(properties).producer(),
            TopicNames.DEFAULT.models(),
            registry,
            true)) {
      writer.publish(
          new ReleaseRecords(Clock.systemUTC())
              .of(
                  bundle,
                  new BundleStore(store()).store(bundle),
                  ReleaseState.ACTIVE,
                  "what all services begin with",
                  Map.of()));
    }
  }

  /** A process of its own, as it would be. */
  private void startTraining() throws IOException, BundleException {
    String model = Bundle.read(options.bundle()).card().name();
    JavaProcess process =
        JavaCommand.of(Main.class, training(model))
            .endingWithParent()
            .heap("2g")
            .start(options.folder().resolve("train.log"));
    training = Optional.of(process);
    open.push(
        () -> {
          if (!process.end(STOP)) {
            process.kill();
          }
        });
  }

  /** A small teacher, few passes: what a window of minutes has time for. */
  private String[] training(String model) {
    return new String[] {
      "train",
      "--bootstrap-server",
      properties.get(Connection.BOOTSTRAP),
      "--schema-registry",
      properties.get(Connection.REGISTRY),
      "--from-topic",
      TopicNames.DEFAULT.images(),
      "--since",
      options.window(),
      "--continuously",
      "--on-drift",
      "--every-labelled",
      Integer.toString(options.everyLabelled()),
      "--release",
      "active",
      "--name",
      model,
      "--work",
      options.folder().resolve("training").toString(),
      "--store",
      store().toString(),
      "--teacher",
      "resnet8x16",
      "--teacher-epochs",
      "12",
      "--teacher-batch",
      "32",
      "--epochs",
      "10",
      "--widths",
      "32,64,128",
      "--strides",
      "2,2,2",
      "--views",
      "2",
      "--mixup",
      "0",
      "--lambda",
      "0.5",
      "--no-flip"
    };
  }

  /** Sends the stream and takes what comes back until all of it has. */
  DriftResult run() throws Exception {
    FutureTask<Void> sending =
        new FutureTask<>(
            () -> {
              send();
              return null;
            });
    try (Consumers consumers = new Consumers()) {
      consumers.open();
      Thread sender = new Thread(sending, "drift-producer");
      sender.setDaemon(true);
      sender.start();
      long last = System.nanoTime();
      while (records.values().stream().anyMatch(record -> !record.isWhole())) {
        if (consumers.poll() > 0) {
          last = System.nanoTime();
        }
        requireTraining();
        if (sending.isDone()) {
          sending.get();
        }
        if (System.nanoTime() - last > QUIET.toNanos()) {
          throw new CliException(
              "of %d images %s were answered, and then none for %d s"
                  .formatted(
                      stream.images().size(),
                      records.values().stream().map(DriftRecord::count).toList(),
                      QUIET.toSeconds()));
        }
      }
    }
    return new DriftResult(stream, records, List.copyOf(events));
  }

  /** What the services answer. */
  private final class Consumers implements AutoCloseable {
    private final Map<Way, PredictionConsumer> consumers = new EnumMap<>(Way.class);

    /** Opens them; closing this closes those that were opened before one failed. */
    void open() {
      for (Way way : Way.values()) {
        List<String> others =
            way == Way.RETRAINED ? List.of(TopicNames.DEFAULT.modelEvents()) : List.of();
        consumers.put(
            way, new PredictionConsumer(properties, registry, way.column(), others, false));
      }
    }

    /** Takes what has come; returns how many answers that were. */
    int poll() throws CliException, InterruptedException {
      int taken = 0;
      for (Map.Entry<Way, PredictionConsumer> each : consumers.entrySet()) {
        PredictionConsumer.Arrivals arrivals = each.getValue().poll(POLL);
        arrivals.predictions().forEach(records.get(each.getKey())::take);
        arrivals.deadLetters().forEach(DriftRun.this::hear);
        taken += arrivals.predictions().size();
      }
      return taken;
    }

    @Override
    public void close() {
      consumers.values().forEach(PredictionConsumer::close);
    }
  }

  private void requireTraining() throws CliException {
    if (training.isPresent() && !training.get().isAlive()) {
      throw new CliException(
          "the training process has ended: see " + options.folder().resolve("train.log"));
    }
  }

  private void send() throws Exception {
    try (ImageProducer labelled = producer(Way.TAUGHT);
        ImageProducer unlabelled = producer(Way.UNTAUGHT)) {
      for (int i = 0; i < stream.images().size(); i++) {
        DriftStream.Item item = stream.images().get(i);
        if (i == stream.shiftAt()) {
          step("the appearance changes with image " + i);
        }
        int at = i;
        String camera = "camera-" + i % CAMERAS;
        Optional<String> label = item.labelled() ? Optional.of(item.truth()) : Optional.empty();
        labelled.send(camera, item.file(), label, () -> sentAt[at] = Instant.now());
        unlabelled.send(camera, item.file(), Optional.empty(), () -> {});
      }
      labelled.flush();
      unlabelled.flush();
    }
  }

  private ImageProducer producer(Way way) throws CliException {
    return new ImageProducer(
        properties,
        registry,
        images(way),
        new Carrier.Inline(ImageProducer.MAX_BYTES),
        options.rate());
  }

  private void hear(ConsumerRecord<String, byte[]> record) {
    ModelEvent event;
    try {
      event =
          new WireReader<>(registry, "models.events", ModelEvent.class)
              .read(record.headers(), record.value());
    } catch (UnreadableRecordException e) {
      step("an event that cannot be read: " + e.getMessage());
      return;
    }
    if (event.getKind() == ModelEventKind.STATISTICS) {
      return;
    }
    int at = sentBefore(event.getAt());
    events.add(new DriftResult.Event(at, event.getKind(), event.getMessage()));
    step(
        "image %d: %s:%s %s: %s"
            .formatted(
                at, event.getName(), event.getVersion(), event.getKind(), event.getMessage()));
  }

  private int sentBefore(Instant moment) {
    int at = 0;
    while (at < sentAt.length && sentAt[at] != null && sentAt[at].isBefore(moment)) {
      at++;
    }
    return at;
  }

  private void step(String what) {
    Terminal.printf("%6.1f s  %s", (System.nanoTime() - started) / 1e9, what);
  }

  private static void close(Deque<AutoCloseable> open) {
    while (!open.isEmpty()) {
      try {
        open.pop().close();
      } catch (Exception e) {
        System.err.println("cnn2gnn: while stopping: " + e);
      }
    }
  }

  @Override
  public void close() {
    close(open);
  }
}
