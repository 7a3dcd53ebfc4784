package io.cnn2gnn.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.cnn2gnn.cli.kit.Connection;
import io.cnn2gnn.cli.kit.ImageFiles;
import io.cnn2gnn.cli.kit.ImageFiles.ImageFile;
import io.cnn2gnn.localstack.LocalStack;
import io.cnn2gnn.localstack.LocalStackConfig;
import io.cnn2gnn.topology.app.ClassificationApp;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The images topic gets more partitions, under a service and between two, on a real broker. */
@Timeout(300)
class PartitionsRunTest {
  private static final int PART = 12;

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
    files = ImageFiles.in(Shipped.SAMPLES).subList(0, 4 * PART);
  }

  @AfterAll
  static void stop() {
    admin.close();
    stack.close();
  }

  private static void grow(String topic, int partitions) throws Exception {
    admin.createPartitions(Map.of(topic, NewPartitions.increaseTo(partitions))).all().get();
  }

  private static Map<String, Integer> counts(List<String> topics) throws Exception {
    Map<String, Integer> counts = new HashMap<>();
    for (TopicDescription topic : admin.describeTopics(topics).allTopicNames().get().values()) {
      counts.put(topic.name(), topic.partitions().size());
    }
    return counts;
  }

  /** Sends a part of the images, one to each partition in turn. */
  private static void send(TestService service, int part, int partitions) throws Exception {
    List<ProducerRecord<String, byte[]>> records = new ArrayList<>();
    for (int i = part * PART; i < (part + 1) * PART; i++) {
      records.add(
          new ProducerRecord<>(
              service.images(),
              i % partitions,
              "camera-" + i % partitions,
              service.value(files.get(i))));
    }
    service.send(records);
  }

  private static void awaitEachOnce(TestService service, int images) {
    await().atMost(Duration.ofSeconds(90)).until(() -> service.answered() >= images);
    assertThat(service.answers().values()).hasSize(images).containsOnly(1);
    assertThat(service.read(service.deadLetters())).isEmpty();
  }

  @Test
  void partitionsThatComeUnderAServiceAndBetweenTwoAreAnsweredOnce() throws Exception {
    TestService service = new TestService("more", broker);
    Map<String, String> settings = service.settings(folder.resolve("more"));
    settings.put("metadata.max.age.ms", "1000");
    List<String> beside =
        List.of(
            "more-pending-changelog",
            "more-bank-changelog",
            "more-recent-changelog",
            "more-labels-waiting-changelog",
            "more-images.labels");
    try (ClassificationApp app = service.start(settings)) {
      send(service, 0, 2);
      awaitEachOnce(service, PART);
      grow(service.images(), 3);
      send(service, 1, 3);
      awaitEachOnce(service, 2 * PART);
      assertThat(app.isLive()).isTrue();
      assertThat(counts(beside).values()).containsOnly(3);
      await().atMost(Duration.ofSeconds(30)).until(app::isReady);
    }
    grow(service.images(), 5);
    send(service, 2, 5);
    try (ClassificationApp app = service.start(settings)) {
      awaitEachOnce(service, 3 * PART);
      assertThat(counts(beside).values()).containsOnly(5);
      assertThat(app.isReady()).isTrue();
    }
  }

  @Test
  void whatTheServiceMayNotChangeIsNamedWithTheCommandThatDoes() throws Exception {
    TestService service = new TestService("fixed", broker);
    Map<String, String> settings = service.settings(folder.resolve("fixed"));
    try (ClassificationApp app = service.start(settings)) {
      assertThat(app.isReady()).isTrue();
    }
    grow(service.images(), 3);
    settings.put("cnn2gnn.topics.create", "false");
    service
        .run(settings, "run", "--bundle", Shipped.BUNDLE.toString())
        .refuses(
            "topic fixed-images.labels has 2 partitions and topic fixed-images has 3",
            "kafka-topics --alter --topic fixed-images.labels --partitions 3");
    grow("fixed-images.labels", 4);
    settings.put("cnn2gnn.topics.create", "true");
    service
        .run(settings, "run", "--bundle", Shipped.BUNDLE.toString())
        .refuses("topic fixed-images.labels has 4 partitions and topic fixed-images has 3");
  }
}
