package io.cnn2gnn.topology.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.cnn2gnn.topology.pages.JsonPage;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class HttpEndpointsTest {
  private static final Duration LONGEST_WRITE = Duration.ofSeconds(3);

  private final HttpClient http = HttpClient.newHttpClient();
  private int port;
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
    String text = "x".repeat(8 << 20);
    JsonPage large = query -> JsonPage.Reply.message(200, text);
    endpoints =
        new HttpEndpoints(
            "127.0.0.1",
            port,
            LONGEST_WRITE,
            () -> true,
            () -> false,
            new PrometheusMeterRegistry(PrometheusConfig.DEFAULT),
            Map.of("/echo", echo, "/broken", broken, "/large", large));
  }

  @AfterEach
  void close() {
    endpoints.close();
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  private HttpResponse<String> get(String path) throws Exception {
    return http.send(
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path)).build(),
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

  /** As many as there are threads, and some: a scraper that hangs and connects anew. */
  @Test
  void clientsThatDoNotReadTheirAnswersDoNotHoldUpTheProbe() throws Exception {
    List<Socket> stuck = new ArrayList<>();
    try {
      for (int i = 0; i < 12; i++) {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
        stuck.add(socket);
        socket
            .getOutputStream()
            .write("GET /large HTTP/1.1\r\nHost: a\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
      }
      HttpRequest probe =
          HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/health/live"))
              .timeout(Duration.ofSeconds(20))
              .build();
      assertThat(http.send(probe, HttpResponse.BodyHandlers.ofString()).statusCode())
          .isEqualTo(200);
    } finally {
      for (Socket socket : stuck) {
        socket.close();
      }
    }
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
