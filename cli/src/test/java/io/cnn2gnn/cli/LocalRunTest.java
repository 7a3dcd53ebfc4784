package io.cnn2gnn.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.cnn2gnn.cli.kit.Carrier;
import io.cnn2gnn.cli.kit.CliException;
import io.cnn2gnn.cli.kit.Connection;
import io.cnn2gnn.cli.kit.ImageFiles;
import io.cnn2gnn.cli.kit.ImageFiles.ImageFile;
import io.cnn2gnn.cli.kit.ImageProducer;
import io.cnn2gnn.cli.kit.PredictionConsumer;
import io.cnn2gnn.cli.kit.PredictionConsumer.Arrivals;
import io.cnn2gnn.localstack.JavaCommand;
import io.cnn2gnn.localstack.JavaProcess;
import io.cnn2gnn.localstack.LocalStack;
import io.cnn2gnn.localstack.LocalStackConfig;
import io.cnn2gnn.schemas.avro.Prediction;
import io.confluent.kafka.schemaregistry.client.SchemaRegistryClient;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The commands against a real broker and registry, the service as a process of its own. */
class LocalRunTest {
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

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  private static JavaProcess service(String name, int httpPort) throws IOException {
    return JavaCommand.of(
            Main.class,
            "run",
            "--bootstrap-server",
            properties.get(Connection.BOOTSTRAP),
            "--schema-registry",
            properties.get(Connection.REGISTRY),
            "--http-port",
            Integer.toString(httpPort),
            "--set",
            "state.dir=" + folder.resolve(name),
            "--set",
            "application.id=" + name,
            "--set",
            "cnn2gnn.topic.images=" + name + "-images",
            "--set",
            "cnn2gnn.topic.predictions=" + name + "-predictions",
            "--set",
            "cnn2gnn.topic.dead.letters=" + name + "-dead-letters")
        .heap("512m")
        .options("-Dcnn2gnn.home=" + Shipped.HOME)
        .startAppending(folder.resolve(name + ".log"));
  }

  private static void awaitReady(int port) {
    HttpClient http = HttpClient.newHttpClient();
    HttpRequest ready =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/health/ready")).build();
    await()
        .atMost(Duration.ofSeconds(90))
        .ignoreExceptions()
        .until(() -> http.send(ready, HttpResponse.BodyHandlers.discarding()).statusCode() == 200);
  }

  @Test
  void twoThousandImagesSurviveKillNineInTheMiddleEachPredictedOnce() throws Exception {
    int port = freePort();
    JavaProcess first = service("kill", port);
    JavaProcess second = first;
    try {
      awaitReady(port);
      SchemaRegistryClient registry = Connection.registry(properties);
      List<ImageFile> files = ImageFiles.in(Shipped.SAMPLES).subList(0, 2000);
      Map<String, Integer> seen = new HashMap<>();
      try (PredictionConsumer consumer =
              new PredictionConsumer(properties, registry, "kill-predictions", List.of(), true);
          ImageProducer producer =
              new ImageProducer(
                  properties, registry, "kill-images", new Carrier.Inline(1 << 20), 800)) {
        for (int i = 0; i < files.size(); i++) {
          if (i == files.size() / 2) {
            // Wherever a batch then stands.
            first.kill();
          }
          producer.send("camera-" + i % 3, files.get(i), Optional.empty());
        }
        producer.flush();
        assertThat(first.awaitEnd(Duration.ofSeconds(20))).isTrue();
        int beforeRestart = drain(consumer, seen, Duration.ofSeconds(2));
        assertThat(beforeRestart).isLessThan(2000);
        second = service("kill", port);
        awaitReady(port);
        await()
            .atMost(Duration.ofSeconds(90))
            .until(() -> drain(consumer, seen, Duration.ofMillis(500)) >= 2000);
        drain(consumer, seen, Duration.ofSeconds(3));
      }
      assertThat(seen.keySet())
          .containsExactlyInAnyOrderElementsOf(files.stream().map(ImageFile::id).toList());
      assertThat(seen.values()).containsOnly(1);

      List<String> lines = new ArrayList<>();
      assertThat(scrape(port, lines)).isEqualTo(200);
      assertThat(lines).anyMatch(l -> l.startsWith("cnn2gnn_batch_images_count"));
      assertThat(second.end(Duration.ofSeconds(30))).isTrue();
    } catch (Exception | AssertionError e) {
      System.err.println(Files.readString(folder.resolve("kill.log")));
      throw e;
    } finally {
      first.kill();
      second.kill();
    }
  }

  @Test
  void sixBadInputsAmong64BecomeSixDeadLettersAndTheServiceLives() throws Exception {
    int port = freePort();
    JavaProcess process = service("bad", port);
    try {
      awaitReady(port);
      SchemaRegistryClient registry = Connection.registry(properties);
      List<byte[]> values = BadInputs.among64(registry);
      try (PredictionConsumer consumer =
              new PredictionConsumer(
                  properties, registry, "bad-predictions", List.of("bad-dead-letters"), true);
          KafkaProducer<String, byte[]> producer =
              new KafkaProducer<>(
                  Connection.only(properties, ProducerConfig.configNames()),
                  new StringSerializer(),
                  new ByteArraySerializer())) {
        for (byte[] value : values) {
          producer.send(new ProducerRecord<>("bad-images", "camera", value)).get();
        }
        List<Prediction> predictions = new ArrayList<>();
        List<String> reasons = new ArrayList<>();
        await()
            .atMost(Duration.ofSeconds(60))
            .until(
                () -> {
                  Arrivals arrivals = consumer.poll(Duration.ofMillis(100));
                  predictions.addAll(arrivals.predictions());
                  arrivals.deadLetters().forEach(letter -> reasons.add(BadInputs.reason(letter)));
                  return predictions.size() + reasons.size() >= 64;
                });
        assertThat(predictions).hasSize(58);
        assertThat(reasons)
            .containsExactly(
                "UNSUPPORTED_FORMAT",
                "CORRUPT_IMAGE",
                "EMPTY_VALUE",
                "TOO_MANY_PIXELS",
                "WRONG_SCHEMA",
                "NO_MAGIC_BYTE");
      }
      assertThat(process.isAlive()).isTrue();
    } catch (Exception | AssertionError e) {
      System.err.println(Files.readString(folder.resolve("bad.log")));
      throw e;
    } finally {
      process.kill();
    }
  }

  private static int scrape(int port, List<String> lines) throws Exception {
    HttpResponse<String> metrics =
        HttpClient.newHttpClient()
            .send(
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/metrics")).build(),
                HttpResponse.BodyHandlers.ofString());
    lines.addAll(metrics.body().lines().toList());
    return metrics.statusCode();
  }

  private static int drain(PredictionConsumer consumer, Map<String, Integer> seen, Duration quiet)
      throws CliException, InterruptedException {
    long until = System.nanoTime() + quiet.toNanos();
    while (System.nanoTime() < until) {
      for (Prediction p : consumer.poll(Duration.ofMillis(100)).predictions()) {
        seen.merge(p.getImageId(), 1, Integer::sum);
      }
    }
    return seen.size();
  }
}
