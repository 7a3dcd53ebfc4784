package io.cnn2gnn.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.cnn2gnn.cli.kit.Connection;
import io.cnn2gnn.cli.kit.ImageFiles;
import io.cnn2gnn.cli.kit.ImageFiles.ImageFile;
import io.cnn2gnn.localstack.JavaCommand;
import io.cnn2gnn.localstack.JavaProcess;
import io.cnn2gnn.localstack.LocalStack;
import io.cnn2gnn.localstack.LocalStackConfig;
import io.cnn2gnn.model.bundle.Bundle;
import io.cnn2gnn.schemas.WireWriter;
import io.cnn2gnn.schemas.avro.Label;
import io.cnn2gnn.topology.app.AppConfig;
import io.cnn2gnn.topology.app.ClassificationApp;
import io.cnn2gnn.topology.app.Topics;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
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
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.acl.AclOperation;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a running service tells of itself, and the trace it carries on, on a real broker. */
@Timeout(240)
class PagesRunTest {
  @TempDir private static Path folder;
  private static LocalStack stack;
  private static Map<String, String> broker;
  private static List<ImageFile> files;
  private final HttpClient http = HttpClient.newHttpClient();

  @BeforeAll
  static void start() throws Exception {
    stack = LocalStack.start(LocalStackConfig.temporary());
    broker = new HashMap<>();
    broker.put(Connection.BOOTSTRAP, stack.broker().get());
    broker.put(Connection.REGISTRY, stack.registry().get().toString());
    files = ImageFiles.in(Shipped.SAMPLES).subList(0, 20);
  }

  @AfterAll
  static void stop() {
    stack.close();
  }

  private record Page(int status, JsonObject body) {}

  private Page get(int port, String path) throws Exception {
    HttpResponse<String> response =
        http.send(
            HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path)).build(),
            HttpResponse.BodyHandlers.ofString());
    return new Page(
        response.statusCode(), JsonParser.parseString(response.body()).getAsJsonObject());
  }

  private Page bank(int port, String image) throws Exception {
    return get(port, "/bank?image=" + URLEncoder.encode(image, StandardCharsets.UTF_8));
  }

  @Test
  void anImageIsFoundThroughTheInstanceThatDoesNotHoldIt() throws Exception {
    TestService service = new TestService("pair", broker);
    int[] ports = {TestService.freePort(), TestService.freePort()};
    Map<String, String> first = service.settings(folder.resolve("pair-0"));
    Map<String, String> second = service.settings(folder.resolve("pair-1"));
    List<Map<String, String>> settings = List.of(first, second);
    for (int i = 0; i < 2; i++) {
      settings.get(i).put("cnn2gnn.bank.admission", "all");
      settings.get(i).put("cnn2gnn.http.port", Integer.toString(ports[i]));
    }
    try (ClassificationApp one = service.start(first);
        ClassificationApp two = service.start(second)) {
      Page model = get(ports[0], "/model");
      Bundle shipped = Bundle.read(Shipped.BUNDLE);
      assertThat(model.status()).isEqualTo(200);
      assertThat(model.body().get("version").getAsString()).isEqualTo(shipped.card().version());
      assertThat(model.body().getAsJsonArray("classes")).hasSize(10);
      assertThat(model.body().getAsJsonObject("metrics").keySet())
          .isNotEmpty()
          .noneMatch(metric -> metric.startsWith("drift."));

      List<ProducerRecord<String, byte[]>> records = new ArrayList<>();
      for (int i = 0; i < files.size(); i++) {
        records.add(
            new ProducerRecord<>(
                service.images(), i % 2, "camera-" + i % 2, service.value(files.get(i))));
      }
      service.send(records);
      await()
          .atMost(Duration.ofSeconds(90))
          .untilAsserted(
              () -> {
                assertThat(service.answered()).isEqualTo(files.size());
                for (int i = 0; i < 2; i++) {
                  for (int asked = 0; asked < 2; asked++) {
                    assertThat(bank(ports[asked], files.get(18 + i).id()).status()).isEqualTo(200);
                  }
                }
              });
      List<String> holders = new ArrayList<>();
      for (int i = 0; i < 2; i++) {
        Page here = bank(ports[0], files.get(i).id());
        Page there = bank(ports[1], files.get(i).id());
        assertThat(there).isEqualTo(here);
        assertThat(here.body().getAsJsonArray("unsearched")).isEmpty();
        assertThat(here.body().getAsJsonArray("rows")).hasSize(1);
        JsonObject row = here.body().getAsJsonArray("rows").get(0).getAsJsonObject();
        assertThat(row.get("partition").getAsInt()).isEqualTo(i);
        assertThat(row.get("newer").getAsLong()).isEqualTo(9);
        assertThat(row.get("space").getAsString()).isEqualTo(shipped.card().space());
        assertThat(row.get("known").getAsBoolean()).isFalse();
        holders.add(row.get("instance").getAsString());
      }
      assertThat(holders)
          .containsExactlyInAnyOrder("127.0.0.1:" + ports[0], "127.0.0.1:" + ports[1]);
      Page nobody = bank(ports[0], "nobody's");
      assertThat(nobody.status()).isEqualTo(404);
      assertThat(nobody.body().get("message").getAsString()).contains("no bank holds nobody's");
      assertThat(get(ports[0], "/bank").status()).isEqualTo(400);
      service.send(List.of(truth(first, files.get(0).id())));
      await()
          .atMost(Duration.ofSeconds(60))
          .untilAsserted(() -> assertThat(judged(ports[0]) + judged(ports[1])).isEqualTo(1));
      assertThat(one.isLive() && two.isLive()).isTrue();
    }
  }

  /** Of an image of the first partition. */
  private static ProducerRecord<String, byte[]> truth(Map<String, String> settings, String image)
      throws Exception {
    Map<String, String> all = new HashMap<>(broker);
    all.put(AppConfig.BUNDLE, Shipped.BUNDLE.toString());
    all.putAll(settings);
    String topic = AppConfig.of(all).topology().topics().labels();
    byte[] label =
        new WireWriter<>(Connection.registry(broker), topic, Label.class, true)
            .write(
                Label.newBuilder()
                    .setImageId(image)
                    .setLabel("Bag")
                    .setLabelledAt(Instant.EPOCH)
                    .setLabelledBy("a test")
                    .build());
    return new ProducerRecord<>(topic, 0, "camera-0", label);
  }

  private int judged(int port) throws Exception {
    return get(port, "/accuracy").body().getAsJsonObject("inService").get("judged").getAsInt();
  }

  private static JavaProcess process(TestService service, Map<String, String> settings)
      throws Exception {
    return JavaCommand.of(Main.class, "run")
        .arguments(service.options(settings).toArray(new String[0]))
        .heap("512m")
        .options("-Dcnn2gnn.home=" + Shipped.HOME)
        .startAppending(folder.resolve("trace.log"));
  }

  private static long committed(String group) throws Exception {
    try (Admin admin = Admin.create(Map.of(Connection.BOOTSTRAP, stack.broker().get()))) {
      return admin
          .listConsumerGroupOffsets(group)
          .partitionsToOffsetAndMetadata()
          .get()
          .values()
          .stream()
          .mapToLong(at -> at.offset())
          .sum();
    }
  }

  @Test
  void theTraceOfAnImageThatWaitedThroughKillNineReachesItsPredictionAndABadOnesItsDeadLetter()
      throws Exception {
    TestService service = new TestService("trace", broker);
    Map<String, String> settings = service.settings(folder.resolve("trace"));
    Map<String, String> waiting = new HashMap<>(settings);
    waiting.put("cnn2gnn.batch.max.wait.ms", "60000");
    JavaProcess first = process(service, waiting);
    JavaProcess second = first;
    try {
      String parent = "00-4bf92f3577b34da6a3ce929d0e0e473%d-00f067aa0ba902b7-01";
      List<ProducerRecord<String, byte[]>> records = new ArrayList<>();
      for (int i = 0; i < 3; i++) {
        byte[] value = i < 2 ? service.value(files.get(i)) : new byte[] {7};
        ProducerRecord<String, byte[]> record =
            new ProducerRecord<>(service.images(), 0, "camera", value);
        record
            .headers()
            .add("traceparent", parent.formatted(i).getBytes(StandardCharsets.UTF_8))
            .add("tracestate", ("vendor=" + i).getBytes(StandardCharsets.UTF_8));
        records.add(record);
      }
      await()
          .atMost(Duration.ofSeconds(90))
          .until(() -> Topics.present(broker, service.deadLetters(), Set.of(AclOperation.READ)));
      service.send(records);
      await().atMost(Duration.ofSeconds(90)).until(() -> committed("trace") >= 3);
      await()
          .atMost(Duration.ofSeconds(90))
          .until(() -> service.read(service.deadLetters()).size() == 1);
      first.kill();
      assertThat(first.awaitEnd(Duration.ofSeconds(20))).isTrue();
      assertThat(service.read(service.predictions())).as("they wait for their batch").isEmpty();
      service.runWhenFree(settings, "clean").refuses("2 images wait for their batch", "SIGTERM");
      second = process(service, settings);
      await()
          .atMost(Duration.ofSeconds(90))
          .untilAsserted(() -> assertThat(service.read(service.predictions())).hasSize(2));
      List<ConsumerRecord<String, byte[]>> out =
          new ArrayList<>(service.read(service.predictions()));
      out.addAll(service.read(service.deadLetters()));
      assertThat(out).hasSize(3);
      for (int i = 0; i < 3; i++) {
        assertThat(TestService.header(out.get(i), "traceparent")).isEqualTo(parent.formatted(i));
        assertThat(TestService.header(out.get(i), "tracestate")).isEqualTo("vendor=" + i);
      }
    } catch (Exception | AssertionError e) {
      System.err.println(Files.readString(folder.resolve("trace.log")));
      throw e;
    } finally {
      first.kill();
      second.kill();
    }
  }
}
