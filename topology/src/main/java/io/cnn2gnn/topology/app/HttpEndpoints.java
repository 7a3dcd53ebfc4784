package io.cnn2gnn.topology.app;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/**
 * {@code /health/live}, {@code /health/ready} and {@code /metrics} (Prometheus text); reads only.
 */
final class HttpEndpoints implements AutoCloseable {
  private static final int THREADS = 4;

  private final HttpServer server;
  private final ExecutorService executor;

  HttpEndpoints(
      String host,
      int port,
      BooleanSupplier live,
      BooleanSupplier ready,
      PrometheusMeterRegistry metrics)
      throws StartupException {
    try {
      server = HttpServer.create(new InetSocketAddress(host, port), 0);
    } catch (IOException e) {
      throw new StartupException(
          "cannot listen on %s:%d (%s): choose another %s"
              .formatted(host, port, e.getMessage(), AppConfig.HTTP_PORT),
          e);
    }
    // A slow client must not hold up the probe that decides whether we are killed.
    executor =
        Executors.newFixedThreadPool(
            THREADS,
            task -> {
              Thread thread = new Thread(task, "http");
              thread.setDaemon(true);
              return thread;
            });
    server.setExecutor(executor);
    health("/health/live", live);
    health("/health/ready", ready);
    get("/metrics", () -> 200, metrics::scrape);
    server.start();
  }

  private void health(String path, BooleanSupplier ok) {
    get(path, () -> ok.getAsBoolean() ? 200 : 503, () -> ok.getAsBoolean() ? "ok\n" : "not yet\n");
  }

  private void get(String path, Supplier<Integer> status, Supplier<String> body) {
    server.createContext(
        path,
        exchange -> {
          try (exchange) {
            boolean reads =
                exchange.getRequestMethod().equals("GET")
                    && exchange.getRequestURI().getPath().equals(path);
            answer(exchange, reads ? status.get() : 404, reads ? body.get() : "no such page\n");
          }
        });
  }

  private static void answer(HttpExchange exchange, int status, String body) throws IOException {
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("Content-Type", "text/plain; charset=utf-8");
    exchange.sendResponseHeaders(status, bytes.length);
    exchange.getResponseBody().write(bytes);
  }

  @Override
  public void close() {
    server.stop(0);
    executor.shutdownNow();
  }
}
