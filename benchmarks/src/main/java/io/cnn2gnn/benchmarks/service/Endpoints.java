package io.cnn2gnn.benchmarks.service;

import io.cnn2gnn.localstack.FreePort;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.OptionalDouble;

/** Health and metrics of a service on a loopback port. */
public record Endpoints(int port) {
  private static final HttpClient HTTP =
      HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(2)).build();
  private static final Duration TIMEOUT = Duration.ofSeconds(10);

  /** On a port that is free now; lost to another process in the rarest of cases. */
  public static Endpoints onFreePort() throws IOException {
    return new Endpoints(FreePort.find());
  }

  /** Whether the service takes images. */
  public boolean isReady() throws InterruptedException {
    try {
      return get("/health/ready").statusCode() == 200;
    } catch (IOException e) {
      return false; // nobody listens yet
    }
  }

  /** A metric by its name in Prometheus' text format, of whatever tags; empty if it has none. */
  public OptionalDouble metric(String name) throws IOException, InterruptedException {
    return value(get("/metrics").body(), name);
  }

  static OptionalDouble value(String metrics, String name) {
    return metrics
        .lines()
        .filter(line -> line.startsWith(name + "{") || line.startsWith(name + " "))
        .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
        .findFirst();
  }

  private HttpResponse<String> get(String path) throws IOException, InterruptedException {
    URI uri = URI.create("http://127.0.0.1:" + port + path);
    return HTTP.send(HttpRequest.newBuilder(uri).timeout(TIMEOUT).build(), BodyHandlers.ofString());
  }
}
