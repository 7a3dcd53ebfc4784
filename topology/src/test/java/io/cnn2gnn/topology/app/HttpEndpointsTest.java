package io.cnn2gnn.topology.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.cnn2gnn.topology.pages.JsonPage;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class HttpEndpointsTest {
  private static final Duration LONGEST = Duration.ofSeconds(3);
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final int LARGE = 8 << 20;

  private final HttpClient http = HttpClient.newHttpClient();
  private int port;
  private final CountDownLatch slow = new CountDownLatch(1);
  private final List<Socket> sockets = new ArrayList<>();
  private HttpEndpoints endpoints;

  @BeforeEach
  void open() throws Exception {
    port = freePort();
    JsonPage echo =
        query -> {
          JsonObject body = new JsonObject();
          query.forEach(body::addProperty);
          return new JsonPage.Reply(query.isEmpty() ? 400 : 200, body);
        };
    JsonPage broken =
        query -> {
          throw new IllegalStateException("no bank today");
        };
    String text = "x".repeat(LARGE);
    JsonPage large = query -> JsonPage.Reply.message(200, text);
    endpoints =
        new HttpEndpoints(
            new HttpAddress("127.0.0.1", port, Set.of("localhost", "node7")),
            LONGEST,
            Optional::empty,
            () -> Optional.of("images-0@7 waits"),
            new PrometheusMeterRegistry(PrometheusConfig.DEFAULT),
            Map.of("/echo", echo, "/broken", broken, "/large", large, "/slow", this::slow));
  }

  @AfterEach
  void close() throws IOException {
    slow.countDown();
    endpoints.close();
    for (Socket socket : sockets) {
      socket.close();
    }
  }

  private JsonPage.Reply slow(Map<String, String> query) {
    try {
      slow.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
    return JsonPage.Reply.message(200, "at last");
  }

  private Socket send(String words) throws IOException {
    Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
    sockets.add(socket);
    socket.setSoTimeout((int) PATIENCE.toMillis());
    socket.getOutputStream().write(words.getBytes(StandardCharsets.US_ASCII));
    return socket;
  }

  /** What comes until the other side closes. */
  private String answer(String words) throws IOException {
    return new String(send(words).getInputStream().readAllBytes(), StandardCharsets.UTF_8);
  }

  private static String get(String path, String host) {
    return "GET " + path + " HTTP/1.1\r\nHost: " + host + "\r\n\r\n";
  }

  private static boolean isOpen(Socket socket) {
    try {
      socket.setSoTimeout(1);
      return socket.getInputStream().read() >= 0;
    } catch (SocketTimeoutException e) {
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  private static void assertProbed(HttpResponse<String> probe) {
    assertThat(probe.statusCode()).isEqualTo(200);
    assertThat(probe.body()).isEqualTo("ok\n");
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  private HttpResponse<String> get(String path) throws Exception {
    return http.send(
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
            .timeout(PATIENCE)
            .build(),
        HttpResponse.BodyHandlers.ofString());
  }

  @Test
  void aPageGetsItsParametersDecodedAndAnswersInJson() throws Exception {
    HttpResponse<String> reply = get("/echo?image=a%26b+%C3%BC%22&local=true&image=second&odd");
    assertThat(reply.statusCode()).isEqualTo(200);
    assertThat(reply.headers().firstValue("Content-Type")).hasValue("application/json");
    assertThat(JsonParser.parseString(reply.body()))
        .isEqualTo(JsonParser.parseString("{\"image\": \"a&b ü\\\"\", \"local\": \"true\"}"));
    assertThat(get("/echo").statusCode()).isEqualTo(400);
  }

  @Test
  void clientsThatDoNotFinishTheirRequestDoNotHoldUpTheProbe() throws Exception {
    for (int i = 0; i < 12; i++) {
      send("G");
      send("GET /metrics HTTP/1.1\r\nHost: localhost\r\nX: ");
      send("POST /metrics HTTP/1.1\r\nHost: localhost\r\nContent-Length: 10\r\n\r\n");
    }
    assertProbed(get("/health/live"));
  }

  /** A scraper that hangs and connects anew. */
  @Test
  void clientsThatDoNotReadTheirAnswersDoNotHoldUpTheProbe() throws Exception {
    for (int i = 0; i < 12; i++) {
      send(get("/large", "localhost"));
    }
    assertProbed(get("/health/live"));
  }

  @Test
  void pagesThatWaitDoNotHoldUpTheProbeAndAreNotQueuedWithoutEnd() throws Exception {
    List<Socket> asked = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      asked.add(send(get("/slow", "localhost")));
    }
    assertProbed(get("/health/live"));
    assertThat(answer(get("/slow", "localhost"))).startsWith("HTTP/1.1 503 ");
    slow.countDown();
    int answered = 0;
    for (Socket socket : asked) {
      String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      answered += answer.startsWith("HTTP/1.1 200 ") ? 1 : 0;
    }
    // Eight are at work and sixteen wait: the rest was refused, as the last one was.
    assertThat(answered).isBetween(8 + 16, 39);
  }

  @Test
  void theOldestConnectionMakesRoomForTheNewest() throws Exception {
    Socket oldest = send("G");
    assertProbed(get("/health/live"));
    for (int i = 0; i < HttpEndpoints.MOST_CONNECTIONS; i++) {
      send("G");
    }
    assertThat(oldest.getInputStream().read()).isEqualTo(-1);
    for (int i = 0; i < 2 * HttpEndpoints.MOST_CONNECTIONS; i++) {
      send("G");
    }
    assertProbed(get("/health/live"));
    await()
        .atMost(LONGEST.dividedBy(2))
        .until(
            () ->
                sockets.stream().filter(HttpEndpointsTest::isOpen).count()
                    <= HttpEndpoints.MOST_CONNECTIONS);
  }

  @Test
  void aClientThatSendsAByteNowAndThenIsCutOff() throws Exception {
    Socket socket = send("GET /metrics HTTP/1.1\r\nX: ");
    await()
        .atMost(LONGEST.plus(PATIENCE))
        .pollInterval(Duration.ofMillis(50))
        .until(
            () -> {
              try {
                socket.getOutputStream().write('x');
                return !isOpen(socket);
              } catch (IOException e) {
                return true;
              }
            });
  }

  @Test
  void aClientThatReadsAByteNowAndThenIsCutOff() throws Exception {
    Socket socket = new Socket();
    sockets.add(socket);
    socket.setReceiveBufferSize(4096);
    socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    socket.getOutputStream().write(get("/large", "localhost").getBytes(StandardCharsets.US_ASCII));
    Instant begun = Instant.now();
    await()
        .atMost(LONGEST.plus(PATIENCE))
        .pollInterval(Duration.ofMillis(50))
        .until(() -> !isOpen(socket) || hasEnded(socket, begun));
  }

  /** What lay in the buffers is read at once when the time is over. */
  private static boolean hasEnded(Socket socket, Instant begun) throws IOException {
    if (Duration.between(begun, Instant.now()).compareTo(LONGEST.plusSeconds(1)) < 0) {
      return false;
    }
    try {
      socket.setSoTimeout((int) PATIENCE.toMillis());
      return socket.getInputStream().readAllBytes().length < LARGE;
    } catch (SocketException e) {
      return true;
    }
  }

  @Test
  void whatNoPageTakesIsRefused() throws Exception {
    String header = "X: " + "x".repeat(128 << 10) + "\r\n\r\n";
    assertThat(answer("GET /health/live HTTP/1.1\r\nHost: localhost\r\n" + header))
        .startsWith("HTTP/1.1 431 ")
        .endsWith("\r\n\r\nRequest Header Fields Too Large\n");
    assertThat(answer("GET /metrics HTTP/1.1\r\nHost: localhost\r\nContent-Length: 10\r\n\r\n"))
        .startsWith("HTTP/1.1 413 ");
    assertThat(
            answer(
                "POST /metrics HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n"))
        .startsWith("HTTP/1.1 413 ");
    assertThat(answer(get("/echo?image=%zz", "localhost"))).startsWith("HTTP/1.1 400 ");
    assertThat(answer("nonsense\r\n\r\n")).startsWith("HTTP/1.1 400 ").doesNotContain("<");
  }

  @Test
  void onlyAHostOfItsOwnIsAnsweredFor() throws Exception {
    for (String own :
        new String[] {
          "localhost", "LocalHost.:8090", "127.0.0.1:" + port, "[::1]:8090", "10.1.2.3", "node7:80"
        }) {
      assertThat(answer(get("/echo?image=a", own))).as(own).startsWith("HTTP/1.1 200 ");
    }
    for (String other :
        new String[] {"attacker.example", "localhost.attacker.example:80", "node"}) {
      assertThat(answer(get("/echo?image=a", other)))
          .as(other)
          .startsWith("HTTP/1.1 421 ")
          .contains("cnn2gnn.http.allowed.hosts");
    }
    // As a health check in a shell sends it; a browser cannot.
    assertThat(answer("GET /health/live HTTP/1.0\r\n\r\n")).startsWith("HTTP/1.1 200 ");
  }

  @Test
  void anAnswerEndsTheConnectionAndDoesNotNameTheServer() throws Exception {
    String twice = get("/health/live", "localhost");
    assertThat(answer(twice + twice)).containsOnlyOnce("HTTP/1.1 200").doesNotContain("Server:");
  }

  @Test
  void fewThreadsServeManyClients() throws Exception {
    for (int i = 0; i < 40; i++) {
      send("G");
    }
    for (int i = 0; i < 40; i++) {
      assertProbed(get("/health/live"));
    }
    assertThat(
            Thread.getAllStackTraces().keySet().stream()
                .map(Thread::getName)
                .filter(name -> name.startsWith("http-") || name.startsWith("qtp")))
        .hasSizeLessThanOrEqualTo(4);
  }

  @Test
  void aPageThatFailsSaysSo() throws Exception {
    HttpResponse<String> reply = get("/broken");
    assertThat(reply.statusCode()).isEqualTo(500);
    assertThat(reply.body()).contains("no bank today");
  }

  @Test
  void onlyItsOwnPathIsReadAndOnlyRead() throws Exception {
    assertThat(get("/echo/more?image=a").statusCode()).isEqualTo(404);
    HttpRequest post =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/echo?image=a"))
            .POST(HttpRequest.BodyPublishers.noBody())
            .build();
    assertThat(http.send(post, HttpResponse.BodyHandlers.ofString()).statusCode()).isEqualTo(404);
    assertThat(get("/health/live").statusCode()).isEqualTo(200);
    assertThat(get("/health/ready").statusCode()).isEqualTo(503);
  }
}
