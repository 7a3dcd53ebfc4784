package io.cnn2gnn.page;

import static org.assertj.core.api.Assertions.assertThat;

import io.cnn2gnn.page.PageConfig.Operators;
import io.cnn2gnn.page.PageConfig.Topics;
import io.cnn2gnn.page.PageConfig.Writers;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The page over HTTP, with nobody behind it: a broker that is away stops no page. */
class PageServerTest {
  private Page page;

  @BeforeEach
  void start() throws Exception {
    page = page(Writers.OF_LOOPBACK);
  }

  private static Page page(Writers writers) throws PageException {
    return Page.start(
        new PageConfig(
            Map.of("bootstrap.servers", "127.0.0.1:1", "schema.registry.url", "http://127.0.0.1:1"),
            new Topics("images", "predictions", "dead", "labels", "outcomes", "models", "events"),
            "app",
            Optional.empty(),
            "127.0.0.1",
            0,
            Set.of(),
            writers,
            Operators.OF_LOOPBACK));
  }

  @AfterEach
  void stop() {
    page.close();
  }

  /** Head and body; a client of the JDK would not let us choose these headers. */
  private String ask(String method, String path, String body, String... headers)
      throws IOException {
    int port = URI.create(page.address()).getPort();
    StringBuilder request = new StringBuilder(method + " " + path + " HTTP/1.1\r\n");
    request.append("Connection: close\r\n");
    for (String header : headers) {
      request.append(header.replace("PORT", Integer.toString(port))).append("\r\n");
    }
    if (!body.isEmpty()) {
      request.append("Content-Length: ").append(body.length()).append("\r\n");
    }
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.getOutputStream().write((request + "\r\n" + body).getBytes(StandardCharsets.US_ASCII));
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private String get(String path) throws IOException {
    return ask("GET", path, "", "Host: 127.0.0.1:PORT");
  }

  private String label(String body) throws IOException {
    return ask(
        "POST", "/api/labels", body, "Host: 127.0.0.1:PORT", "Origin: http://127.0.0.1:PORT");
  }

  @Test
  void itsOwnFilesComeWithAPolicyThatRunsNothingElse() throws Exception {
    for (String path :
        new String[] {
          "/",
          "/page.js",
          "/kit.js",
          "/watch.js",
          "/why.js",
          "/teach.js",
          "/map.js",
          "/chart.js",
          "/time.js",
          "/releases.js",
          "/instances.js",
          "/page.css"
        }) {
      assertThat(get(path))
          .startsWith("HTTP/1.1 200")
          .contains("Content-Security-Policy: default-src 'none'; script-src 'self'")
          .contains("X-Content-Type-Options: nosniff");
    }
    assertThat(get("/")).contains("<html lang=\"en\">").doesNotContain("<script>");
  }

  @Test
  void aSiteThatHasBoundItsNameToThisAddressGetsNothing() throws Exception {
    assertThat(ask("GET", "/api/answers", "", "Host: evil.example"))
        .startsWith("HTTP/1.1 421")
        .contains("--allowed-host");
  }

  @Test
  void anotherSitesPageWritesNoLabel() throws Exception {
    assertThat(
            ask(
                "POST",
                "/api/labels",
                "{\"at\":[\"images/0/1\"],\"label\":\"x\"}",
                "Host: 127.0.0.1:PORT",
                "Origin: http://evil.example"))
        .startsWith("HTTP/1.1 403");
  }

  /** As behind a proxy that adds its header and drops none. */
  @Test
  void aUserWhomABrowserNamesBesideTheProxyIsNobody() throws Exception {
    page.close();
    page = page(new Writers(Optional.empty(), Optional.of("X-User")));
    String[] own = {"Host: 127.0.0.1:PORT", "Origin: http://127.0.0.1:PORT", "X-User: eve"};
    String body = "{\"at\":[\"images/0/1\"],\"label\":\"x\"}";
    assertThat(ask("POST", "/api/labels", body, own)).startsWith("HTTP/1.1 503");
    assertThat(ask("POST", "/api/labels", body, own[0], own[1], own[2], "x-user: ann"))
        .startsWith("HTTP/1.1 400")
        .contains("X-User comes more than once");
  }

  @Test
  void aRequestThatMakesNoSenseIsRefusedWithAReason() throws Exception {
    assertThat(label("no json")).startsWith("HTTP/1.1 400").contains("no JSON");
    assertThat(label("{}")).startsWith("HTTP/1.1 400").contains("no image is named");
    assertThat(label("{\"at\":[null,\"../x\"],\"label\":\"x\"}"))
        .startsWith("HTTP/1.1 503")
        .contains("no longer among the last images");
    assertThat(label("x".repeat(70_000))).startsWith("HTTP/1.1 413");
    assertThat(ask("PUT", "/", "", "Host: 127.0.0.1:PORT")).startsWith("HTTP/1.1 405");
    assertThat(get("/../../etc/passwd")).startsWith("HTTP/1.1 4");
    assertThat(get("/nothing")).startsWith("HTTP/1.1 404");
    assertThat(get("/api/answer?at=images/0/1")).startsWith("HTTP/1.1 404");
  }

  @Test
  void noRecordIsReadThatNobodyHasAnswered() throws Exception {
    long start = System.nanoTime();
    for (String place : new String[] {"images/0/1", "secrets/0/1", "%2e%2e", ""}) {
      assertThat(get("/picture?at=" + place)).startsWith("HTTP/1.1 404");
    }
    // Nobody asked the broker, which would have been waited for.
    assertThat((System.nanoTime() - start) / 1e9).isLessThan(3);
  }

  @Test
  void itIsAliveAndSaysThatNothingNewCanCome() throws Exception {
    assertThat(get("/health/live")).startsWith("HTTP/1.1 200");
    assertThat(get("/health/ready")).startsWith("HTTP/1.1 503");
    assertThat(get("/api/setting")).contains("\"may\":[\"label\",\"release\"]");
  }
}
