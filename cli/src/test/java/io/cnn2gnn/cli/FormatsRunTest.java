package io.cnn2gnn.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.cnn2gnn.cli.TestService.Ended;
import io.cnn2gnn.cli.kit.Connection;
import io.cnn2gnn.cli.kit.ImageFiles;
import io.cnn2gnn.localstack.LocalStack;
import io.cnn2gnn.localstack.LocalStackConfig;
import io.cnn2gnn.topology.app.ClassificationApp;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files in, JSON out, on a real broker: neither end needs a schema. */
class FormatsRunTest {
  private static final int IMAGES = 30;

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

  private static void createTopics(String... names) throws Exception {
    try (Admin admin = Admin.create(Map.of(Connection.BOOTSTRAP, stack.broker().get()))) {
      admin
          .createTopics(Stream.of(names).map(name -> new NewTopic(name, 1, (short) 1)).toList())
          .all()
          .get();
    }
  }

  private static List<ProducerRecord<String, byte[]>> records(String topic, String key)
      throws Exception {
    byte[] file = ImageFiles.in(Shipped.SAMPLES).get(0).content().read();
    return Collections.nCopies(IMAGES, new ProducerRecord<>(topic, 0, key, file));
  }

  private static void awaitAnswers(TestService service, int answers) {
    await().atMost(Duration.ofMinutes(1)).until(() -> service.answered() == answers);
  }

  @Test
  void topicsOfSeveralCamerasAreTakenOver() throws Exception {
    TestService service = new TestService("several", properties);
    Map<String, String> settings = service.settings(folder.resolve("several"));
    settings.put("cnn2gnn.input.format", "raw");
    settings.put("cnn2gnn.input.topics", "several-north,several-south");
    service
        .run(settings, "run")
        .refuses("topics [several-north, several-south] of cnn2gnn.input.topics are missing");
    createTopics("several-north", "several-south");
    service.send(records("several-north", "gate"));
    service.send(records("several-south", null));
    try (ClassificationApp app = service.start(settings)) {
      awaitAnswers(service, 2 * IMAGES);
      assertThat(app.isReady()).isTrue();
    }
    assertThat(service.answers())
        .hasSize(2 * IMAGES)
        .containsKeys("several-north-0@0", "several-south-0@" + (IMAGES - 1))
        .allSatisfy((id, times) -> assertThat(times).isEqualTo(1));
    assertThat(service.read(service.predictions()))
        .extracting(ConsumerRecord::key)
        .containsOnly("gate", "several-south-0");
  }

  @Test
  void aTopicThatComesLaterUnderThePatternIsTakenOverWithoutARestart() throws Exception {
    TestService service = new TestService("later", properties);
    Map<String, String> settings = service.settings(folder.resolve("later"));
    settings.put("cnn2gnn.input.format", "raw");
    settings.put("metadata.max.age.ms", "1000");
    settings.put("cnn2gnn.input.topics.regex", "later-.*");
    service
        .run(settings, "run")
        .refuses("cnn2gnn.input.topics.regex must not take in", "later-images");
    settings.put("cnn2gnn.input.topics.regex", "later-(north|south)");
    createTopics("later-north");
    service.send(records("later-north", "gate"));
    try (ClassificationApp app = service.start(settings)) {
      awaitAnswers(service, IMAGES);
      createTopics("later-south");
      service.send(records("later-south", "door"));
      awaitAnswers(service, 2 * IMAGES);
      service.send(records("later-north", "gate"));
      awaitAnswers(service, 3 * IMAGES);
      assertThat(app.isReady()).isTrue();
    }
    assertThat(service.answers())
        .hasSize(3 * IMAGES)
        .containsKeys("later-north-0@" + (2 * IMAGES - 1), "later-south-0@" + (IMAGES - 1));
  }

  @Test
  void filesAreAnsweredInJsonAndWhatIsNoFileIsADeadLetter() throws Exception {
    TestService service = new TestService("plain", properties);
    Map<String, String> settings = service.settings(folder);
    settings.put("cnn2gnn.input.format", "raw");
    settings.put("cnn2gnn.output.format", "json");
    try (ClassificationApp app = service.start(settings)) {
      Ended sent =
          service.run(
              Map.of(),
              "produce",
              Shipped.SAMPLES.toString(),
              "--topic",
              service.images(),
              "--topic-format",
              "raw",
              "--labels",
              "--images",
              Integer.toString(IMAGES));
      assertThat(sent.err()).doesNotContain("cnn2gnn: ");
      assertThat(sent.code()).isZero();
      service.send(
          List.of(
              new ProducerRecord<>(
                  service.images(), "camera", "no picture".getBytes(StandardCharsets.UTF_8))));
      await()
          .atMost(Duration.ofMinutes(1))
          .until(() -> service.read(service.deadLetters()).size() == 1);
      await()
          .atMost(Duration.ofMinutes(1))
          .until(() -> service.read(service.predictions()).size() == IMAGES);
      assertThat(app.isReady()).isTrue();
    }

    int right = 0;
    for (ConsumerRecord<String, byte[]> record : service.read(service.predictions())) {
      JsonObject answer =
          JsonParser.parseString(new String(record.value(), StandardCharsets.UTF_8))
              .getAsJsonObject();
      String label = TestService.header(record, "label");
      assertThat(answer.get("imageId").getAsString())
          .isEqualTo(TestService.header(record, "id"))
          .contains("/");
      right += answer.get("label").getAsString().equals(label) ? 1 : 0;
    }
    assertThat(right).isGreaterThan(IMAGES * 3 / 4);

    ConsumerRecord<String, byte[]> dead = service.read(service.deadLetters()).get(0);
    assertThat(TestService.header(dead, "cnn2gnn.reason")).isEqualTo("UNSUPPORTED_FORMAT");
    assertThat(TestService.header(dead, "cnn2gnn.image.id")).startsWith(service.images() + "-");

    Ended consumed =
        service.run(
            Map.of(),
            "consume",
            "--topic",
            service.predictions(),
            "--from-beginning",
            "--images",
            Integer.toString(IMAGES),
            "--idle-seconds",
            "20");
    assertThat(consumed.code()).as(consumed.err()).isZero();
    assertThat(consumed.out().lines()).hasSize(IMAGES).allMatch(line -> line.contains(" %"));
  }
}
