package io.cnn2gnn.cli.upkeep;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.cnn2gnn.cli.Shipped;
import io.cnn2gnn.cli.TestService;
import io.cnn2gnn.cli.TestService.Ended;
import io.cnn2gnn.cli.kit.Connection;
import io.cnn2gnn.cli.kit.ImageFiles;
import io.cnn2gnn.cli.kit.ImageFiles.ImageFile;
import io.cnn2gnn.localstack.LocalStack;
import io.cnn2gnn.localstack.LocalStackConfig;
import io.cnn2gnn.topology.app.ClassificationApp;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code reset} and {@code clean} on a real broker, around a service that stops and starts. */
@Timeout(300)
class UpkeepRunTest {
  private static final int IMAGES = 20;
  private static final Instant FIRST = Instant.parse("2026-11-25T10:00:00Z");

  @TempDir private static Path folder;
  private static LocalStack stack;
  private static Map<String, String> broker;
  private static Admin admin;
  private static List<ImageFile> files;

  @BeforeAll
  static void start() throws Exception {
    stack = LocalStack.start(LocalStackConfig.temporary());
    broker = new HashMap<>();
    broker.put(Connection.BOOTSTRAP, stack.broker().get());
    broker.put(Connection.REGISTRY, stack.registry().get().toString());
    admin = Admin.create(Map.of(Connection.BOOTSTRAP, stack.broker().get()));
    files = ImageFiles.in(Shipped.SAMPLES).subList(0, IMAGES);
  }

  @AfterAll
  static void stop() {
    admin.close();
    stack.close();
  }

  private static void sendAll(TestService service) throws Exception {
    List<ProducerRecord<String, byte[]>> records = new ArrayList<>();
    for (int i = 0; i < IMAGES; i++) {
      records.add(
          new ProducerRecord<>(
              service.images(),
              i % 2,
              FIRST.plusSeconds(i).toEpochMilli(),
              "camera-" + i % 2,
              service.value(files.get(i))));
    }
    service.send(records);
  }

  private static void awaitAnswers(TestService service, int count) {
    await()
        .atMost(Duration.ofSeconds(60))
        .untilAsserted(() -> assertThat(service.answered()).isGreaterThanOrEqualTo(count));
  }

  private static Set<String> topics() throws Exception {
    return admin.listTopics().names().get();
  }

  private static Map<Integer, Long> offsets(String group) throws Exception {
    Map<Integer, Long> offsets = new HashMap<>();
    admin
        .listConsumerGroupOffsets(group)
        .partitionsToOffsetAndMetadata()
        .get()
        .forEach((partition, at) -> offsets.put(partition.partition(), at.offset()));
    return offsets;
  }

  @Test
  void imagesAreAnsweredAgainFromAnInstantOnAndFromTheBeginning() throws Exception {
    TestService service = new TestService("again", broker);
    Map<String, String> settings = service.settings(folder.resolve("again"));
    try (ClassificationApp app = service.start(settings)) {
      sendAll(service);
      awaitAnswers(service, IMAGES);
      service.run(settings, "reset").refuses("again is running", "stop it first");
      // From another machine, where its folder is not.
      Map<String, String> elsewhere = service.settings(folder.resolve("elsewhere"));
      service.run(elsewhere, "reset").refuses("again is running (1 members", "for 6 s");
      service.run(elsewhere, "clean", "--dry-run").refuses("again is running");
      assertThat(app.isReady()).isTrue();
    }
    service.run(settings, "reset").refuses("again has stopped", "try again in 6 s at most");

    String instant = FIRST.plusSeconds(12).toString();
    Set<String> topics = topics();
    Map<Integer, Long> offsets = offsets("again");
    Ended dry = service.runWhenFree(settings, "reset", "--to", instant, "--dry-run");
    assertThat(dry.code()).as(dry.err()).isZero();
    assertThat(dry.out().lines().map(String::strip).map(line -> line.replaceAll(" +", " ")))
        .containsExactly(
            "before would be",
            "offset of again-images-0 %d 6".formatted(offsets.get(0)),
            "offset of again-images-1 %d 6".formatted(offsets.get(1)),
            "topic again-bank-changelog there deleted",
            "topic again-pending-changelog there deleted",
            "topic again-recent-changelog there deleted");
    assertThat(topics()).isEqualTo(topics);
    assertThat(offsets("again")).isEqualTo(offsets);

    assertThat(service.run(settings, "reset", "--to", instant).out()).contains("now");
    assertThat(offsets("again")).containsOnly(Map.entry(0, 6L), Map.entry(1, 6L));
    assertThat(topics())
        .doesNotContain("again-bank-changelog", "again-pending-changelog", "again-recent-changelog")
        .contains("again-labelled");
    try (ClassificationApp app = service.start(settings)) {
      awaitAnswers(service, IMAGES + 8);
      assertThat(app.isLive()).isTrue();
    }
    Map<String, Integer> answers = service.answers();
    for (int i = 0; i < IMAGES; i++) {
      assertThat(answers).containsEntry(files.get(i).id(), i < 12 ? 1 : 2);
    }

    assertThat(service.runWhenFree(settings, "reset").code()).isZero();
    try (ClassificationApp app = service.start(settings)) {
      awaitAnswers(service, 2 * IMAGES + 8);
      assertThat(app.isLive()).isTrue();
    }
    assertThat(service.answered()).isEqualTo(2 * IMAGES + 8);
  }

  @Test
  void cleanLeavesUserTopicsAloneAndTheServiceGoesOnWhereItWas() throws Exception {
    TestService service = new TestService("tidy", broker);
    Path state = folder.resolve("tidy");
    Map<String, String> settings = service.settings(state);
    try (ClassificationApp app = service.start(settings)) {
      sendAll(service);
      awaitAnswers(service, IMAGES);
      assertThat(app.isLive()).isTrue();
    }
    // Another application, whose id begins with this one's, and what is none of Kafka's.
    admin
        .createTopics(List.of(new NewTopic("tidy-bank-changelog-bank-changelog", 1, (short) 1)))
        .all()
        .get();
    Files.createDirectories(state.resolve("tidy/0_1"));
    Files.writeString(state.resolve("tidy/0_1/.checkpoint"), "0");
    Files.writeString(state.resolve("tidy/notes.txt"), "mine");
    Files.createDirectories(state.resolve("models"));
    Files.writeString(state.resolve("models/x.bundle"), "fetched");
    Set<String> before = topics();
    Map<Integer, Long> offsets = offsets("tidy");

    Ended dry = service.runWhenFree(settings, "clean", "--dry-run");
    assertThat(dry.out()).contains("would be", "tidy-pending-changelog", "0_1", "not ours: kept");
    assertThat(topics()).isEqualTo(before);
    assertThat(state.resolve("tidy/0_1/.checkpoint")).exists();

    Ended done = service.run(settings, "clean");
    assertThat(done.code()).as(done.err()).isZero();
    Set<String> own =
        Set.of("tidy-bank-changelog", "tidy-pending-changelog", "tidy-recent-changelog");
    assertThat(topics())
        .containsExactlyInAnyOrderElementsOf(
            before.stream().filter(topic -> !own.contains(topic)).toList());
    assertThat(offsets("tidy")).isEqualTo(offsets);
    assertThat(state.resolve("tidy/0_1")).doesNotExist();
    assertThat(state.resolve("tidy/notes.txt")).hasContent("mine");
    assertThat(state.resolve("models/x.bundle")).hasContent("fetched");
    assertThat(state.resolve("tidy-instance/id-0")).exists();
    Files.delete(state.resolve("tidy/notes.txt"));
    assertThat(service.run(settings, "clean").out()).isEqualTo("there is nothing to delete\n");

    try (ClassificationApp app = service.start(settings)) {
      service.send(
          List.of(new ProducerRecord<>(service.images(), "camera", service.value(files.get(3)))));
      awaitAnswers(service, IMAGES + 1);
      assertThat(app.isLive()).isTrue();
    }
    assertThat(service.answers()).containsEntry(files.get(3).id(), 2).hasSize(IMAGES);
    assertThat(service.answered()).isEqualTo(IMAGES + 1);
  }

  @Test
  void aTopicThatIsNotThereIsNamed() throws Exception {
    TestService service = new TestService("absent", broker);
    service
        .run(service.settings(folder.resolve("absent")), "reset")
        .refuses("has no topic absent-images");
  }
}
