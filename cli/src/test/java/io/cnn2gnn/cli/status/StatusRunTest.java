package io.cnn2gnn.cli.status;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.cnn2gnn.cli.Main;
import io.cnn2gnn.cli.Shipped;
import io.cnn2gnn.cli.TestService;
import io.cnn2gnn.cli.TestService.Ended;
import io.cnn2gnn.cli.kit.Connection;
import io.cnn2gnn.cli.kit.ImageFiles;
import io.cnn2gnn.cli.kit.ImageFiles.ImageFile;
import io.cnn2gnn.localstack.JavaCommand;
import io.cnn2gnn.localstack.JavaProcess;
import io.cnn2gnn.localstack.LocalStack;
import io.cnn2gnn.localstack.LocalStackConfig;
import io.cnn2gnn.topology.app.ClassificationApp;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code status} on a real broker, of a service that runs, was killed, and comes back. */
@Timeout(240)
class StatusRunTest {
  private static final Duration LONG = Duration.ofSeconds(90);

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
    files = ImageFiles.in(Shipped.SAMPLES).subList(0, 5);
  }

  @AfterAll
  static void stop() {
    admin.close();
    stack.close();
  }

  private static JsonObject json(TestService service, Map<String, String> settings) {
    Ended ended = service.run(settings, "status", "--json");
    assertThat(ended.code()).as(ended.err()).isZero();
    return JsonParser.parseString(ended.out()).getAsJsonObject();
  }

  private static long unanswered(TestService service, Map<String, String> settings) {
    return json(service, settings).get("unanswered").getAsLong();
  }

  private static void send(TestService service) throws Exception {
    List<ProducerRecord<String, byte[]>> records = new ArrayList<>();
    for (int i = 0; i < files.size(); i++) {
      records.add(
          new ProducerRecord<>(
              service.images(), i % 2, "camera-" + i % 2, service.value(files.get(i))));
    }
    service.send(records);
  }

  private static long committed(TestService service, String group) throws Exception {
    return admin
        .listConsumerGroupOffsets(group)
        .partitionsToOffsetAndMetadata()
        .get()
        .entrySet()
        .stream()
        .filter(each -> each.getKey().topic().equals(service.images()))
        .mapToLong(each -> each.getValue().offset())
        .sum();
  }

  @Test
  void imagesThatAKilledServiceLeftOpenAreUnansweredThoughItsGroupIsPastThem() throws Exception {
    TestService service = new TestService("late", broker);
    Map<String, String> settings = service.settings(folder.resolve("late"));
    service.run(settings, "status").refuses("has no topic late-images");
    Map<String, String> slow = new HashMap<>(settings);
    slow.put("cnn2gnn.batch.max.wait.ms", "60000");
    List<String> run = new ArrayList<>(List.of("run"));
    run.addAll(service.options(slow));
    try (JavaProcess process =
        JavaCommand.of(Main.class, run.toArray(new String[0]))
            .heap("512m")
            .options("-Dcnn2gnn.home=" + Shipped.HOME)
            .start(folder.resolve("late.log"))) {
      await()
          .atMost(LONG)
          .until(() -> service.run(settings, "status").out().contains("STABLE, members: 1"));
      send(service);
      await().atMost(LONG).until(() -> committed(service, "late") == files.size());
      assertThat(unanswered(service, settings)).isEqualTo(files.size());
      process.kill();
    }
    JsonObject status = json(service, settings);
    assertThat(status.get("unanswered").getAsLong()).isEqualTo(files.size());
    assertThat(status.get("oldestAgeSeconds").getAsDouble()).isPositive();
    assertThat(
            status
                .getAsJsonArray("partitions")
                .get(0)
                .getAsJsonObject()
                .get("unanswered")
                .getAsInt())
        .isEqualTo(3);
    assertThat(status.has("lastAnswer")).isFalse();
    assertThat(status.getAsJsonArray("members")).as("its session goes on").hasSize(1);
    Ended late = service.run(settings, "status", "--fail-if-older-than", "PT0.001S");
    assertThat(late.code()).isEqualTo(3);
    assertThat(late.out()).contains("unanswered", "none was released");
    assertThat(late.err()).startsWith("cnn2gnn: an image has waited for ");
    assertThat(service.run(settings, "status", "--fail-if-older-than", "PT1H").code()).isZero();

    comesBack(service, settings);
  }

  private static void comesBack(TestService service, Map<String, String> settings)
      throws Exception {
    int port = TestService.freePort();
    Map<String, String> shown = new HashMap<>(settings);
    shown.put("cnn2gnn.http.port", Integer.toString(port));
    try (ClassificationApp app = service.start(shown)) {
      await().atMost(LONG).until(() -> unanswered(service, settings) == 0);
      HttpRequest metrics =
          HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/metrics")).build();
      await()
          .atMost(LONG)
          .untilAsserted(
              () ->
                  assertThat(
                          HttpClient.newHttpClient().send(metrics, BodyHandlers.ofString()).body())
                      .contains("cnn2gnn_backlog_images{partition=\"0\"} 0.0")
                      .contains("cnn2gnn_backlog_age_seconds{partition=\"1\"} 0.0"));
      assertThat(app.isLive()).isTrue();
    }
    String shipped =
        json(service, settings).getAsJsonObject("lastAnswer").get("model").getAsString();
    assertThat(service.run(settings, "status").out()).contains("ago, by " + shipped);
    whatIsWrittenInTransactions(service, settings);
  }

  /** Of a stopped service: nobody's position passes the ends of transactions. */
  private static void whatIsWrittenInTransactions(TestService service, Map<String, String> settings)
      throws Exception {
    Map<String, Object> transactional =
        Map.of(Connection.BOOTSTRAP, stack.broker().get(), "transactional.id", "sender");
    try (KafkaProducer<String, byte[]> producer =
        new KafkaProducer<>(transactional, new StringSerializer(), new ByteArraySerializer())) {
      producer.initTransactions();
      producer.beginTransaction();
      producer.send(image(service)).get();
      producer.abortTransaction();
      assertThat(unanswered(service, settings)).isZero();
      producer.beginTransaction();
      producer.send(image(service)).get();
      producer.commitTransaction();
      assertThat(unanswered(service, settings)).isBetween(1L, 2L);
    }
  }

  private static ProducerRecord<String, byte[]> image(TestService service) throws Exception {
    return new ProducerRecord<>(service.images(), 0, "camera", service.value(files.get(0)));
  }

  @Test
  void aRegistryThatIsAwayCostsTheModelsAlone() throws Exception {
    TestService service = new TestService("alone", broker);
    Map<String, String> settings = service.settings(folder.resolve("alone"));
    admin.createTopics(List.of(new NewTopic(service.images(), 2, (short) 1))).all().get();
    Map<String, String> away = new HashMap<>(settings);
    away.put(Connection.REGISTRY, "http://127.0.0.1:9");
    Ended ended = service.run(away, "status");
    assertThat(ended.code()).as(ended.err()).isZero();
    assertThat(ended.out()).contains("not known: ", "NONE, members: 0");
  }
}
