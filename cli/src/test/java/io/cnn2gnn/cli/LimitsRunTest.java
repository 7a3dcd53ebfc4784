package io.cnn2gnn.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.cnn2gnn.cli.kit.Connection;
import io.cnn2gnn.cli.kit.ImageFiles;
import io.cnn2gnn.cli.kit.ImageFiles.ImageFile;
import io.cnn2gnn.cli.kit.PredictionConsumer;
import io.cnn2gnn.localstack.LocalStack;
import io.cnn2gnn.localstack.LocalStackConfig;
import io.cnn2gnn.schemas.avro.Prediction;
import io.cnn2gnn.topology.app.AppConfig;
import io.cnn2gnn.topology.app.ClassificationApp;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The size limit at both ends, and images that are too large for it, on a real broker. */
class LimitsRunTest {
  private record Ended(int code, String errors) {}

  @TempDir private static Path folder;
  private static LocalStack stack;
  private static Map<String, String> properties;

  @BeforeAll
  static void start() throws Exception {
    stack = LocalStack.start(LocalStackConfig.temporary());
    properties = new HashMap<>();
    properties.put(Connection.BOOTSTRAP, stack.broker().get());
    properties.put(Connection.REGISTRY, stack.registry().get().toString());
  }

  @AfterAll
  static void stop() {
    stack.close();
  }

  private static Ended run(String command, String... args) {
    String[] all = new String[args.length + 5];
    all[0] = command;
    all[1] = "--bootstrap-server";
    all[2] = properties.get(Connection.BOOTSTRAP);
    all[3] = "--schema-registry";
    all[4] = properties.get(Connection.REGISTRY);
    System.arraycopy(args, 0, all, 5, args.length);
    PrintStream before = System.err;
    ByteArrayOutputStream captured = new ByteArrayOutputStream();
    System.setErr(new PrintStream(captured, true, StandardCharsets.UTF_8));
    try {
      int code = Main.run(false, all);
      return new Ended(code, captured.toString(StandardCharsets.UTF_8));
    } finally {
      System.setErr(before);
    }
  }

  private static void createTopic(String name, int maxMessageBytes) throws Exception {
    try (Admin admin =
        Admin.create(Map.<String, Object>of(Connection.BOOTSTRAP, stack.broker().get()))) {
      NewTopic topic = new NewTopic(name, Optional.of(1), Optional.empty());
      admin
          .createTopics(
              List.of(
                  topic.configs(Map.of("max.message.bytes", Integer.toString(maxMessageBytes)))))
          .all()
          .get();
    }
  }

  @Test
  void aTopicThatTakesLessThanTheLimitStopsTheStartInOneLine() throws Exception {
    createTopic("small-dead-letters", 1_000_000);
    Ended ended =
        run(
            "run",
            "--bundle",
            Shipped.BUNDLE.toString(),
            "--set",
            "state.dir=" + folder.resolve("small"),
            "--set",
            "cnn2gnn.topic.dead.letters=small-dead-letters");
    assertThat(ended.code()).isEqualTo(1);
    assertThat(ended.errors().strip().lines().filter(l -> l.startsWith("cnn2gnn: ")))
        .singleElement()
        .asString()
        .contains(
            "topic small-dead-letters has max.message.bytes=1000000",
            "cnn2gnn.record.max.bytes=8388608");
  }

  @Test
  void anImageTooLargeForItsTopicIsRefusedBeforeItIsSent() throws Exception {
    createTopic("small-images", 100_000);
    Path images = Files.createDirectory(folder.resolve("large"));
    Files.write(images.resolve("large.png"), new byte[70_000]);
    Ended ended = run("produce", images.toString(), "--topic", "small-images");
    assertThat(ended.code()).isEqualTo(1);
    assertThat(ended.errors()).contains("large.png has 70000 bytes, the limit is 67232");
  }

  @Test
  void imagesByReferenceAreClassified() throws Exception {
    Path images = folder.resolve("images");
    Set<String> ids = new TreeSet<>();
    for (ImageFile file : ImageFiles.in(Shipped.SAMPLES).subList(0, 20)) {
      Path path = images.resolve(file.id());
      Files.createDirectories(path.getParent());
      Files.write(path, file.content().read());
      ids.add(file.id());
    }
    Map<String, String> service = new HashMap<>(properties);
    service.put(AppConfig.BUNDLE, Shipped.BUNDLE.toString());
    service.put("state.dir", folder.resolve("state").toString());
    service.put("application.id", "references");
    service.put("cnn2gnn.reference.allow", images.toUri().toString());
    service.put("cnn2gnn.topic.images", "reference-images");
    service.put("cnn2gnn.topic.predictions", "reference-predictions");
    service.put("cnn2gnn.topic.dead.letters", "reference-dead-letters");
    Set<String> seen = new TreeSet<>();
    try (ClassificationApp app = ClassificationApp.start(AppConfig.of(service));
        PredictionConsumer consumer =
            new PredictionConsumer(
                properties,
                Connection.registry(properties),
                "reference-predictions",
                List.of("reference-dead-letters"),
                true)) {
      Ended ended =
          run(
              "produce",
              images.toString(),
              "--topic",
              "reference-images",
              "--by-reference",
              images.toUri().toString());
      assertThat(ended.code()).as(ended.errors()).isZero();
      await()
          .atMost(Duration.ofSeconds(60))
          .until(
              () -> {
                var arrivals = consumer.poll(Duration.ofMillis(100));
                assertThat(arrivals.deadLetters()).isEmpty();
                arrivals.predictions().stream().map(Prediction::getImageId).forEach(seen::add);
                return seen.size() >= ids.size();
              });
      assertThat(app.isLive()).isTrue();
    }
    assertThat(seen).isEqualTo(ids);
  }
}
