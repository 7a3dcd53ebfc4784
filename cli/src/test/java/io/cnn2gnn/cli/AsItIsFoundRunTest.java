package io.cnn2gnn.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.cnn2gnn.cli.kit.Connection;
import io.cnn2gnn.cli.kit.ImageFiles;
import io.cnn2gnn.cli.kit.ImageFiles.ImageFile;
import io.cnn2gnn.localstack.LocalStack;
import io.cnn2gnn.localstack.LocalStackConfig;
import io.cnn2gnn.topology.app.ClassificationApp;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.function.Function;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Records and registries as they are found elsewhere, through a service on a real broker. */
@Timeout(300)
class AsItIsFoundRunTest {
  private static final String ID_PAGE = "/schemas/ids/";

  @TempDir private static Path folder;
  private static LocalStack stack;
  private static Map<String, String> broker;
  private static List<ImageFile> files;

  /** What a registry says instead of its own answer; it is told the path with its query. */
  private static volatile Function<String, Optional<Answer>> instead = path -> Optional.empty();

  private static String registry;
  private static HttpServer proxy;

  private record Answer(int status, String body) {}

  @BeforeAll
  static void start() throws Exception {
    stack = LocalStack.start(LocalStackConfig.temporary());
    proxy = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    proxy.setExecutor(Executors.newCachedThreadPool());
    proxy.createContext("/", AsItIsFoundRunTest::pass);
    proxy.start();
    broker = new HashMap<>();
    broker.put(Connection.BOOTSTRAP, stack.broker().get());
    registry = stack.registry().get().toString().replaceFirst("/$", "");
    broker.put(Connection.REGISTRY, "http://127.0.0.1:" + proxy.getAddress().getPort() + "/");
    files = ImageFiles.in(Shipped.SAMPLES).subList(0, 10);
  }

  @AfterAll
  static void stop() {
    proxy.stop(0);
    stack.close();
  }

  private static void pass(HttpExchange exchange) throws IOException {
    try {
      String path = exchange.getRequestURI().toString();
      Answer answer = instead.apply(path).orElseGet(() -> registrys(exchange, path));
      byte[] body = answer.body().getBytes(StandardCharsets.UTF_8);
      exchange.getResponseHeaders().add("Content-Type", "application/vnd.schemaregistry.v1+json");
      exchange.sendResponseHeaders(answer.status(), body.length == 0 ? -1 : body.length);
      if (body.length > 0) {
        exchange.getResponseBody().write(body);
      }
    } finally {
      exchange.close();
    }
  }

  private static Answer registrys(HttpExchange exchange, String path) {
    try {
      HttpRequest.Builder request =
          HttpRequest.newBuilder(URI.create(registry + path.replaceFirst("^/+", "/")))
              .method(
                  exchange.getRequestMethod(),
                  HttpRequest.BodyPublishers.ofByteArray(exchange.getRequestBody().readAllBytes()))
              .header("Content-Type", "application/vnd.schemaregistry.v1+json");
      HttpResponse<String> answer =
          HttpClient.newHttpClient().send(request.build(), HttpResponse.BodyHandlers.ofString());
      return new Answer(answer.statusCode(), answer.body());
    } catch (IOException | InterruptedException e) {
      return new Answer(502, "");
    }
  }

  private static void awaitAnswered(TestService service, int images) {
    await().atMost(Duration.ofSeconds(60)).until(() -> service.answered() >= images);
    assertThat(service.answers().values()).hasSize(images).containsOnly(1);
  }

  private static byte[] id(byte[] value) {
    return Arrays.copyOf(value, 5);
  }

  @Test
  void recordsWithoutATimeAreAnsweredByNowAndNotAgainWhenTheOffsetsGoBack() throws Exception {
    TestService service = new TestService("untimed", broker);
    Map<String, String> settings = service.settings(folder.resolve("untimed"));
    long begin = System.currentTimeMillis();
    long[] times = {-1, 0, begin / 1000, begin - 1000, -1};
    try (ClassificationApp app = service.start(settings)) {
      for (int i = 0; i < times.length; i++) {
        RawProducer.send(
            broker.get(Connection.BOOTSTRAP),
            service.images(),
            0,
            times[i],
            "camera",
            service.value(files.get(i)));
      }
      awaitAnswered(service, times.length);
      for (ConsumerRecord<String, byte[]> answer : service.read(service.predictions())) {
        assertThat(answer.timestamp()).isBetween(begin - 1000, System.currentTimeMillis());
      }
      assertThat(app.isReady()).isTrue();
    }
    setBack(settings.get("application.id"), new TopicPartition(service.images(), 0));
    try (ClassificationApp app = service.start(settings)) {
      RawProducer.send(
          broker.get(Connection.BOOTSTRAP),
          service.images(),
          0,
          -1,
          "camera",
          service.value(files.get(9)));
      awaitAnswered(service, times.length + 1);
      assertThat(app.isReady()).isTrue();
    }
  }

  private static void setBack(String group, TopicPartition partition) {
    try (Admin admin =
        Admin.create(Map.of(Connection.BOOTSTRAP, broker.get(Connection.BOOTSTRAP)))) {
      await()
          .atMost(Duration.ofSeconds(60))
          .ignoreExceptionsMatching(e -> e instanceof ExecutionException)
          .until(
              () -> {
                admin
                    .alterConsumerGroupOffsets(group, Map.of(partition, new OffsetAndMetadata(0)))
                    .all()
                    .get();
                return true;
              });
    }
  }

  @Test
  void schemaIdsInHeadersAreReadOrNamedAndDoNotReachTheAnswers() throws Exception {
    TestService service = new TestService("headers", broker);
    try (ClassificationApp app = service.start(service.settings(folder.resolve("headers")))) {
      byte[] value = service.value(files.get(0));
      byte[] bare = Arrays.copyOfRange(value, 5, value.length);
      RawProducer.send(
          broker.get(Connection.BOOTSTRAP),
          service.images(),
          0,
          System.currentTimeMillis(),
          "camera",
          bare,
          new RecordHeader("__value_schema_id", id(value)));
      awaitAnswered(service, 1);
      assertThat(service.read(service.predictions()).get(0).headers()).isEmpty();
      byte[] guid = ByteBuffer.allocate(17).put((byte) 1).putLong(7).putLong(8).array();
      RawProducer.send(
          broker.get(Connection.BOOTSTRAP),
          service.images(),
          0,
          System.currentTimeMillis(),
          "camera",
          bare,
          new RecordHeader("__value_schema_id", guid));
      await()
          .atMost(Duration.ofSeconds(60))
          .until(() -> !service.read(service.deadLetters()).isEmpty());
      assertThat(TestService.header(service.read(service.deadLetters()).get(0), "cnn2gnn.message"))
          .contains("Schema id in a header: not supported by this registry");
      String schema = schema(value);
      instead =
          path ->
              path.startsWith("//schemas/guids/") || path.startsWith("/schemas/guids/")
                  ? Optional.of(new Answer(200, schema))
                  : Optional.empty();
      try (ClassificationApp other =
          new TestService("guids", broker)
              .start(new TestService("guids", broker).settings(folder.resolve("guids")))) {
        TestService guids = new TestService("guids", broker);
        RawProducer.send(
            broker.get(Connection.BOOTSTRAP),
            guids.images(),
            0,
            System.currentTimeMillis(),
            "camera",
            bare,
            new RecordHeader("__value_schema_id", guid));
        awaitAnswered(guids, 1);
        assertThat(other.isReady()).isTrue();
      }
      assertThat(app.isReady()).isTrue();
    } finally {
      instead = path -> Optional.empty();
    }
  }

  private static String schema(byte[] value) throws Exception {
    URI page = URI.create(registry + ID_PAGE + ByteBuffer.wrap(value).getInt(1));
    return HttpClient.newHttpClient()
        .send(HttpRequest.newBuilder(page).build(), HttpResponse.BodyHandlers.ofString())
        .body();
  }

  @Test
  void anAccountOfItsSubjectsAloneStartsAndAsksUnderThem() throws Exception {
    String denied = "{\"error_code\":40301,\"message\":\"denied on __GLOBAL\"}";
    String missing = "{\"error_code\":40403,\"message\":\"Schema not found\"}";
    instead =
        path -> {
          if (path.endsWith("/config")) {
            return Optional.of(new Answer(403, denied));
          }
          return path.contains(ID_PAGE) && !path.contains("subject=own-")
              ? Optional.of(new Answer(404, missing))
              : Optional.empty();
        };
    try {
      TestService service = new TestService("own", broker);
      try (ClassificationApp app = service.start(service.settings(folder.resolve("own")))) {
        RawProducer.send(
            broker.get(Connection.BOOTSTRAP),
            service.images(),
            0,
            System.currentTimeMillis(),
            "camera",
            service.value(files.get(0)));
        awaitAnswered(service, 1);
        assertThat(app.isReady()).isTrue();
      }
    } finally {
      instead = path -> Optional.empty();
    }
  }

  @Test
  void aRegistryThatAnswersStrangelyHoldsItsPartitionAloneAndSaysWhy() throws Exception {
    TestService service = new TestService("strange", broker);
    Map<String, String> settings = service.settings(folder.resolve("strange"));
    String schema = schema(service.value(files.get(0))).replace("\\\"doc\\\":", "\\\"remark\\\":");
    int other = register(schema);
    instead =
        path ->
            path.contains(ID_PAGE + other)
                ? Optional.of(new Answer(404, "<html>no route</html>"))
                : Optional.empty();
    try (ClassificationApp app = service.start(settings)) {
      byte[] value = service.value(files.get(0));
      ByteBuffer.wrap(value).putInt(1, other);
      RawProducer.send(
          broker.get(Connection.BOOTSTRAP),
          service.images(),
          1,
          System.currentTimeMillis(),
          "camera",
          value);
      await().atMost(Duration.ofSeconds(30)).until(() -> !app.isReady());
      assertThat(app.notReady().orElseThrow())
          .contains("strange-images-1@0 waits", "fetch the schema with the id " + other);
      RawProducer.send(
          broker.get(Connection.BOOTSTRAP),
          service.images(),
          0,
          System.currentTimeMillis(),
          "camera",
          service.value(files.get(1)));
      awaitAnswered(service, 1);
      assertThat(service.read(service.deadLetters())).isEmpty();
      instead = path -> Optional.empty();
      awaitAnswered(service, 2);
      await().atMost(Duration.ofSeconds(30)).until(app::isReady);
    } finally {
      instead = path -> Optional.empty();
    }
  }

  /** Under a subject that nobody of ours has. */
  private static int register(String schemaAnswer) throws Exception {
    HttpResponse<String> answer =
        HttpClient.newHttpClient()
            .send(
                HttpRequest.newBuilder(URI.create(registry + "/subjects/elsewhere/versions"))
                    .POST(HttpRequest.BodyPublishers.ofString(schemaAnswer))
                    .header("Content-Type", "application/vnd.schemaregistry.v1+json")
                    .build(),
                HttpResponse.BodyHandlers.ofString());
    return Integer.parseInt(answer.body().replaceAll(".*\"id\": *([0-9]+).*", "$1"));
  }
}
