package io.cnn2gnn.cli.train;

import io.cnn2gnn.cli.kit.CliException;
import io.cnn2gnn.cli.kit.Connection;
import io.cnn2gnn.intake.ImageReader;
import io.cnn2gnn.intake.LabelRecords;
import io.cnn2gnn.model.bundle.Bundle;
import io.cnn2gnn.model.bundle.BundleException;
import io.cnn2gnn.model.torch.Torch;
import io.cnn2gnn.schemas.SchemaRegistries;
import io.cnn2gnn.schemas.WireReader;
import io.cnn2gnn.schemas.avro.Image;
import io.cnn2gnn.schemas.avro.Label;
import io.cnn2gnn.schemas.avro.ModelEvent;
import io.cnn2gnn.schemas.release.ReleaseReader;
import io.cnn2gnn.schemas.release.ReleaseWriter;
import io.cnn2gnn.topology.app.AccessTable;
import io.cnn2gnn.topology.app.StartupException;
import io.cnn2gnn.topology.app.Topics;
import io.cnn2gnn.training.TrainJob;
import io.cnn2gnn.training.TrainListener;
import io.cnn2gnn.training.TrainOptions;
import io.cnn2gnn.training.data.DataSet;
import io.cnn2gnn.training.data.DataSource;
import io.cnn2gnn.training.release.BundleStore;
import io.cnn2gnn.training.release.ReleaseRecords;
import io.cnn2gnn.training.service.DriftAlarm;
import io.cnn2gnn.training.service.EveryPeriod;
import io.cnn2gnn.training.service.LabelCounter;
import io.cnn2gnn.training.service.NewLabels;
import io.cnn2gnn.training.service.PendingTraining;
import io.cnn2gnn.training.service.ReleaseDesk;
import io.cnn2gnn.training.service.Trainer;
import io.cnn2gnn.training.service.TrainingClients;
import io.cnn2gnn.training.service.TrainingFolder;
import io.cnn2gnn.training.service.TrainingLease;
import io.cnn2gnn.training.service.TrainingService;
import io.cnn2gnn.training.service.Trigger;
import io.cnn2gnn.training.topic.Sampling;
import io.cnn2gnn.training.topic.Side;
import io.cnn2gnn.training.topic.StreamData;
import io.cnn2gnn.training.topic.StreamRange;
import io.cnn2gnn.training.topic.TimePoint;
import io.cnn2gnn.training.topic.TopicImages;
import io.cnn2gnn.training.topic.TopicLabels;
import io.confluent.kafka.schemaregistry.client.SchemaRegistryClient;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.common.acl.AclOperation;

/** Training from a topic, put together from the options. */
final class StreamTraining {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final Duration LOOK = Duration.ofSeconds(1);
  private static final Duration RETRY = Duration.ofSeconds(10);

  private final StreamFlags flags;
  private final Map<String, String> properties;
  private final Optional<DataSource> more;
  private final Sampling sampling;
  private final Clock clock = Clock.systemUTC();
  private final TrainingClients clients;
  private final SchemaRegistryClient registry;
  private final ImageReader reader;
  private final LabelRecords labels;
  private final TopicImages images;

  /** Connects, and checks that the topics are there before anything long begins. */
  StreamTraining(StreamFlags flags, TrainingFlags training, Map<String, String> properties)
      throws CliException, IOException {
    this.flags = flags;
    this.properties = properties;
    this.more = training.data();
    // A typing error should not wait for the broker.
    TimePoint.parse(flags.since, clock);
    flags.until.ifPresent(time -> TimePoint.parse(time, clock));
    this.sampling =
        new Sampling(
            flags.heldOut,
            side(flags, training),
            flags.minClassImages,
            flags.maxImages,
            training.size(),
            training.classes());
    boolean releases = flags.continuously || flags.release.isPresent();
    Connection.check(
        properties,
        AccessTable.train(
            topic(),
            labelsTopic(),
            releases ? Optional.of(flags.modelsTopic) : Optional.empty(),
            flags.onDrift ? Optional.of(flags.eventsTopic) : Optional.empty()));
    this.clients = new TrainingClients(properties);
    this.registry = Connection.registry(properties);
    this.reader =
        ImageReader.of(flags.format, () -> new WireReader<>(registry, topic(), Image.class));
    this.labels = new LabelRecords(new WireReader<>(registry, flags.labelsTopic(), Label.class));
    this.images =
        new TopicImages(
            topic(),
            new TopicLabels(flags.labelsTopic(), clients::reader, labels, PATIENCE),
            clients::reader,
            reader,
            PATIENCE);
  }

  private static Side side(StreamFlags flags, TrainingFlags training) throws IOException {
    Optional<Path> salt =
        flags.salt.or(() -> training.work().map(work -> work.resolve("held-out.salt")));
    return salt.isPresent() ? Side.in(salt.get()) : Side.of(training.teacherSeed());
  }

  private String topic() {
    return flags.topic.orElseThrow();
  }

  /** Empty if the broker has none: people need not say anything of images. */
  private Optional<String> labelsTopic() throws CliException {
    try {
      return Topics.present(properties, flags.labelsTopic(), Set.of(AclOperation.READ))
          ? Optional.of(flags.labelsTopic())
          : Optional.empty();
    } catch (StartupException e) {
      throw new CliException(e.getMessage(), e);
    }
  }

  StreamRange range() throws IOException, InterruptedException {
    TimePoint until = TimePoint.parse(flags.until.orElse("latest"), clock);
    return images.range(TimePoint.parse(flags.since, clock), until);
  }

  /** A range with the classes of the active model first, or else those of the options. */
  DataSource data(StreamRange range, List<String> classes) {
    return new StreamData(
        images, range, classes.isEmpty() ? sampling : sampling.with(classes), more);
  }

  ReleaseDesk desk(String device) throws Exception {
    Optional<Bundle> fallback =
        flags.active.isPresent() ? Optional.of(Bundle.read(flags.active.get())) : Optional.empty();
    BundleStore store = flags.store.open().orElseThrow();
    return new ReleaseDesk(
        () -> new ReleaseReader(clients.keyedReader(), flags.modelsTopic, registry),
        () ->
            new ReleaseWriter(
                clients.producer(),
                flags.modelsTopic,
                registry,
                SchemaRegistries.autoRegister(properties)),
        store.fetcher(flags.store.allowed(properties), PATIENCE),
        store,
        new ReleaseRecords(clock),
        new ReleaseDesk.Rules(
            flags.gate.options(),
            fallback,
            flags.release.orElse(StreamFlags.Release.CANDIDATE).state(),
            Torch.device(device)));
  }

  /**
   * Trains at every trigger until the process ends.
   *
   * @param options of every training but for its data, version and files
   * @param listener of their progress
   */
  void run(TrainOptions options, TrainListener listener) throws Exception {
    TrainingFolder folder = new TrainingFolder(options.work());
    ReleaseDesk desk = desk(options.device());
    List<Trigger> triggers = new ArrayList<>();
    try (LabelCounter counter =
            new LabelCounter(
                range().images(), flags.labelsTopic(), clients.reader(), reader, labels);
        DriftAlarm alarm =
            new DriftAlarm(
                flags.eventsTopic,
                options.name(),
                clients.reader(),
                new WireReader<>(registry, flags.eventsTopic, ModelEvent.class));
        TrainingLease lease = TrainingLease.open(options.name(), flags.modelsTopic, clients)) {
      flags.everyLabelled.ifPresent(n -> triggers.add(new NewLabels(counter, n)));
      flags.every.ifPresent(period -> triggers.add(new EveryPeriod(period, clock)));
      if (flags.onDrift) {
        triggers.add(alarm);
      }
      // SIGTERM: another trainer need not wait for this one's session to time out.
      Runtime.getRuntime().addShutdownHook(new Thread(lease::close));
      new TrainingService(
              options.name(),
              lease,
              triggers,
              counter,
              folder,
              new Job(options, listener),
              desk,
              new TrainingService.Pace(clock, LOOK, RETRY))
          .run();
    }
  }

  private final class Job implements Trainer {
    private final TrainOptions options;
    private final TrainListener listener;

    Job(TrainOptions options, TrainListener listener) {
      this.options = options;
      this.listener = listener;
    }

    @Override
    public StreamRange range() throws IOException, InterruptedException {
      return StreamTraining.this.range();
    }

    @Override
    public DataSet read(PendingTraining training) throws IOException, InterruptedException {
      return data(training.learnsFrom(), training.classes()).read();
    }

    @Override
    public Bundle train(PendingTraining training, DataSet data, Path out, Path work)
        throws IOException, BundleException, InterruptedException {
      DataSource source = () -> data;
      return new TrainJob(options.with(source, out, work, training.version()), listener).run();
    }
  }
}
