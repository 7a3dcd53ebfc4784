package io.cnn2gnn.cli.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.cnn2gnn.cli.Main;
import io.cnn2gnn.cli.Shipped;
import io.cnn2gnn.cli.kit.Carrier;
import io.cnn2gnn.cli.kit.Connection;
import io.cnn2gnn.cli.kit.ImageFiles;
import io.cnn2gnn.cli.kit.ImageFiles.ImageFile;
import io.cnn2gnn.cli.kit.ImageProducer;
import io.cnn2gnn.intake.ImageRecords;
import io.cnn2gnn.intake.LabelRecords;
import io.cnn2gnn.localstack.JavaCommand;
import io.cnn2gnn.localstack.JavaProcess;
import io.cnn2gnn.localstack.LocalStack;
import io.cnn2gnn.localstack.LocalStackConfig;
import io.cnn2gnn.model.bundle.Bundle;
import io.cnn2gnn.model.reference.AllowList;
import io.cnn2gnn.schemas.WireReader;
import io.cnn2gnn.schemas.WireWriter;
import io.cnn2gnn.schemas.avro.Image;
import io.cnn2gnn.schemas.avro.Label;
import io.cnn2gnn.schemas.avro.LabelKind;
import io.cnn2gnn.schemas.avro.ModelRelease;
import io.cnn2gnn.schemas.avro.ReleaseState;
import io.cnn2gnn.schemas.release.ReleaseReader;
import io.cnn2gnn.training.release.BundleStore;
import io.cnn2gnn.training.service.LabelCounter;
import io.cnn2gnn.training.service.TrainingClients;
import io.cnn2gnn.training.service.TrainingLease;
import io.cnn2gnn.training.topic.TopicRange;
import io.confluent.kafka.schemaregistry.client.SchemaRegistryClient;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Training from a topic against a real broker and registry. */
class StreamTrainingRunTest {
  private static final Duration LONG = Duration.ofSeconds(90);

  /** So short that a broker has to be told that it may be. */
  private static final String SESSION = "session.timeout.ms";

  @TempDir private static Path folder;
  private static LocalStack stack;
  private static Map<String, String> properties;
  private static SchemaRegistryClient registry;

  @BeforeAll
  static void start() throws Exception {
    stack =
        LocalStack.start(
            new LocalStackConfig(
                Optional.empty(),
                false,
                0,
                0,
                Duration.ofMinutes(2),
                Map.of("group.min.session.timeout.ms", "1000")));
    properties =
        Map.of(
            Connection.BOOTSTRAP,
            stack.broker().get(),
            Connection.REGISTRY,
            stack.registry().get().toString(),
            SESSION,
            "2000");
    Files.writeString(folder.resolve("client.properties"), SESSION + "=2000\n");
    try (Admin admin = Admin.create(Map.of(Connection.BOOTSTRAP, stack.broker().get()))) {
      admin
          .createTopics(
              List.of(
                  new NewTopic("images", 2, (short) 1),
                  new NewTopic("beds", 2, (short) 1),
                  new NewTopic("beds.labels", 2, (short) 1),
                  new NewTopic("models", 1, (short) 1),
                  new NewTopic("leases", 1, (short) 1)))
          .all()
          .get();
    }
    registry = Connection.registry(properties);
    send("images", 240, true);
  }

  @AfterAll
  static void stop() {
    stack.close();
  }

  private static List<ImageFile> samples() throws Exception {
    return ImageFiles.in(Shipped.HOME.resolve("samples/fashion-mini.zip"));
  }

  /** Sample images, labelled but for every fifth, or not at all. */
  private static void send(String topic, int count, boolean labelled) throws Exception {
    List<ImageFile> files = samples();
    try (ImageProducer producer =
        new ImageProducer(properties, registry, topic, new Carrier.Inline(1 << 20), 0)) {
      for (int i = 0; i < count; i++) {
        ImageFile file = files.get(i);
        Optional<String> label = i % 5 == 0 || !labelled ? Optional.empty() : file.label();
        producer.send("camera-" + i % 3, file, label);
      }
      producer.flush();
    }
  }

  /** What a person says of the same images. */
  private static void label(String topic, int count) throws Exception {
    List<ImageFile> files = samples();
    WireWriter<Label> writer = new WireWriter<>(registry, topic, Label.class, true);
    try (Producer<String, byte[]> producer = new TrainingClients(properties).producer()) {
      for (int i = 0; i < count; i++) {
        Label label =
            Label.newBuilder()
                .setImageId(files.get(i).id())
                .setLabel(files.get(i).label().orElseThrow())
                .setLabelledBy("ann")
                .setLabelledAt(Instant.now())
                .setKind(LabelKind.TRUTH)
                .build();
        producer.send(new ProducerRecord<>(topic, "camera-" + i % 3, writer.write(label))).get();
      }
    }
  }

  private static List<String> arguments(String... more) {
    return argumentsOf("images", more);
  }

  private static List<String> argumentsOf(String topic, String... more) {
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "train",
                "--from-topic",
                topic,
                "--bootstrap-server",
                properties.get(Connection.BOOTSTRAP),
                "--schema-registry",
                properties.get(Connection.REGISTRY),
                "--teacher",
                "resnet8x16",
                "--teacher-epochs",
                "1",
                "--teacher-batch",
                "32",
                "--epochs",
                "1",
                "--batch",
                "32",
                "--memory",
                "64",
                "--widths",
                "8,16",
                "--strides",
                "2,2",
                "--views",
                "1",
                "--prototypes",
                "5",
                "--min-class-images",
                "5",
                "--store",
                folder.resolve("store").toString()));
    arguments.addAll(List.of(more));
    return arguments;
  }

  private static List<ModelRelease> releases(String model) throws InterruptedException {
    try (ReleaseReader reader =
        new ReleaseReader(new TrainingClients(properties).keyedReader(), "models", registry)) {
      return reader.readToEnd(Duration.ofSeconds(20)).of(model);
    }
  }

  @Test
  void oneRunReleasesItsBundleAndAnotherIsRefusedByTheGate() throws Exception {
    Path out = folder.resolve("once.bundle");
    String[] first =
        arguments("--out", out.toString(), "--release", "active").toArray(new String[0]);
    assertThat(Main.run(true, first)).isZero();
    ModelRelease release = releases("once").get(0);
    assertThat(release.getState()).isEqualTo(ReleaseState.ACTIVE);
    Bundle bundle =
        new BundleStore(folder.resolve("store"))
            .fetcher(AllowList.of(AllowList.BUNDLES, ""), Duration.ofSeconds(10))
            .fetch(release);
    assertThat(bundle).isEqualTo(Bundle.read(out));
    assertThat(bundle.card().classes()).hasSize(10);
    assertThat(bundle.card().data()).startsWith("images[0@0-");
    assertThat(bundle.prototypes().ids()).hasSizeBetween(40, 50).noneMatch(id -> id.isEmpty());

    // One epoch on 150 images does not make a model as good as the shipped one.
    Path worse = folder.resolve("worse.bundle");
    String[] second =
        arguments("--out", worse.toString(), "--active", Shipped.BUNDLE.toString())
            .toArray(new String[0]);
    assertThat(Main.run(true, second)).isEqualTo(1);
    assertThat(Bundle.read(worse).card().classes())
        .isEqualTo(Bundle.read(Shipped.BUNDLE).card().classes());
    assertThat(releases("worse")).isEmpty();
  }

  @Test
  void labelsOfATopicOfTheirOwnAreFoundWhereImagesHaveNone() throws Exception {
    send("beds", 240, false);
    label("beds.labels", 200);
    Path out = folder.resolve("beds.bundle");
    String[] command =
        argumentsOf("beds", "--labels-topic", "beds.labels", "--out", out.toString())
            .toArray(new String[0]);
    assertThat(Main.run(true, command)).isZero();
    Bundle bundle = Bundle.read(out);
    assertThat(bundle.card().classes()).hasSize(10);
    // Of 200 that somebody labelled a fifth is held out.
    assertThat(bundle.card().data())
        .startsWith("beds[0@0-")
        .matches(".* with beds\\.labels\\[.*\\], 1[4-7]\\d images");
    assertThat(bundle.prototypes().ids()).hasSizeBetween(40, 50);
  }

  @Test
  void labelsOfATopicThatComesToBeAreCounted() throws Exception {
    TrainingClients clients = new TrainingClients(properties);
    try (LabelCounter counter =
            new LabelCounter(
                new TopicRange("leases", Map.of()),
                "late.labels",
                clients.reader(),
                new ImageRecords(new WireReader<>(registry, "images", Image.class)),
                new LabelRecords(new WireReader<>(registry, "labels", Label.class)));
        Admin admin = Admin.create(Map.of(Connection.BOOTSTRAP, stack.broker().get()))) {
      assertThat(counter.count(Optional.empty(), 100)).isZero();
      admin.createTopics(List.of(new NewTopic("late.labels", 2, (short) 1))).all().get();
      label("late.labels", 30);
      await().atMost(LONG).until(() -> counter.count(Optional.empty(), 30) == 30);
    }
  }

  @Test
  void oneTrainsTheOtherWaitsAndTakesOver() throws Exception {
    TrainingClients clients = new TrainingClients(properties);
    TrainingLease first = TrainingLease.open("lease", "leases", clients);
    try (TrainingLease second = secondAfter(first, clients)) {
      long term = first.awaitHeld();
      assertThat(second.held()).isFalse();
      assertThat(first.confirm(term)).isTrue();
      first.close();
      assertThat(first.held()).isFalse();
      assertThat(first.confirm(term)).isFalse();
      await().atMost(LONG).until(second::held);
      assertThat(second.confirm(second.term())).isTrue();
    } finally {
      first.close();
    }
  }

  private static TrainingLease secondAfter(TrainingLease first, TrainingClients clients)
      throws InterruptedException {
    first.awaitHeld();
    return TrainingLease.open("lease", "leases", clients);
  }

  private static List<String> service() {
    return arguments(
        "--continuously",
        "--config",
        folder.resolve("client.properties").toString(),
        "--every-labelled",
        "150",
        "--name",
        "garden",
        "--work",
        folder.resolve("garden").toString());
  }

  private static JavaProcess process(Path log) throws IOException {
    return JavaCommand.of(Main.class, service().toArray(new String[0]))
        .heap("512m")
        .options("-Dcnn2gnn.home=" + Shipped.HOME)
        .start(log);
  }

  @Test
  void aServiceKilledWithNineIsReplacedByOneThatEndsItsTrainingAndReleasesItOnce()
      throws Exception {
    Path log = folder.resolve("first.log");
    Path pending = folder.resolve("garden/pending.json");
    JavaProcess first = process(log);
    try {
      await()
          .atMost(LONG)
          .pollInterval(Duration.ofMillis(20))
          .until(() -> Files.exists(pending) || !first.isAlive());
      assertThat(first.isAlive()).as(Files.readString(log)).isTrue();
    } finally {
      first.kill();
    }
    String begun = Files.readString(pending);
    assertThat(releases("garden")).isEmpty();

    int[] code = {-1};
    Thread second = new Thread(() -> code[0] = Main.run(true, service().toArray(new String[0])));
    second.start();
    try {
      await().atMost(LONG).until(() -> !releases("garden").isEmpty());
      await().atMost(LONG).until(() -> !Files.exists(pending));
    } finally {
      second.interrupt();
      second.join();
    }
    assertThat(code[0]).as("exit code of an interrupted command").isEqualTo(130);
    List<ModelRelease> releases = releases("garden");
    assertThat(releases).hasSize(1);
    assertThat(begun).contains('"' + releases.get(0).getVersion() + '"');
    assertThat(releases.get(0).getState()).isEqualTo(ReleaseState.CANDIDATE);
    assertThat(folder.resolve("garden/last.json")).exists();
    assertThat(folder.resolve("garden/held-out.salt")).exists();
  }
}
