package io.cnn2gnn.topology.app;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.cnn2gnn.topology.pages.JsonPage;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@code /health/live}, {@code /health/ready}, {@code /metrics} (Prometheus text) and pages of
 * JSON; reads only.
 */
final class HttpEndpoints implements AutoCloseable {
  /** More than the pages may hold for as long as another instance takes to answer. */
  private static final int THREADS = 8;

  private static final Logger LOG = LoggerFactory.getLogger(HttpEndpoints.class);

  private final Gson gson = new GsonBuilder().disableHtmlEscaping().setPrettyPrinting().create();
  private final HttpServer server;
  private final ExecutorService executor;
  private final Duration longestWrite;
  private final ScheduledExecutorService cut =
      Executors.newSingleThreadScheduledExecutor(task -> daemon(task, "http-cut"));

  /**
   * Opens them.
   *
   * @param longestWrite after which a client that does not read its answer is cut off
   */
  HttpEndpoints(
      String host,
      int port,
      Duration longestWrite,
      BooleanSupplier live,
      BooleanSupplier ready,
      PrometheusMeterRegistry metrics,
      Map<String, JsonPage> pages)
      throws StartupException {
    this.longestWrite = longestWrite;
    try {
      server = HttpServer.create(new InetSocketAddress(host, port), 0);
    } catch (IOException e) {
      throw new StartupException(
          "cannot listen on %s:%d (%s): choose another %s"
              .formatted(host, port, e.getMessage(), AppConfig.HTTP_PORT),
          e);
    }
    // A slow client must not hold up the probe that decides whether we are killed.
    executor = Executors.newFixedThreadPool(THREADS, task -> daemon(task, "http"));
    server.setExecutor(executor);
    health("/health/live", live);
    health("/health/ready", ready);
    get("/metrics", () -> 200, metrics::scrape);
    pages.forEach(this::json);
    server.start();
  }

  private static Thread daemon(Runnable task, String name) {
    Thread thread = new Thread(task, name);
    thread.setDaemon(true);
    return thread;
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

  private void json(String path, JsonPage page) {
    server.createContext(
        path,
        exchange -> {
          try (exchange) {
            JsonPage.Reply reply = reply(exchange, path, page);
            answer(exchange, reply.status(), "application/json", gson.toJson(reply.body()) + "\n");
          }
        });
  }

  private static JsonPage.Reply reply(HttpExchange exchange, String path, JsonPage page) {
    URI uri = exchange.getRequestURI();
    if (!exchange.getRequestMethod().equals("GET") || !uri.getPath().equals(path)) {
      return JsonPage.Reply.message(404, "no such page");
    }
    try {
      return page.get(parameters(uri));
    } catch (RuntimeException e) {
      LOG.error("{} failed", uri, e);
      return JsonPage.Reply.message(500, "it failed, and the log says why: " + e);
    }
  }

  private static Map<String, String> parameters(URI uri) {
    Map<String, String> parameters = new HashMap<>();
    // java.net.URI has refused stray percent signs already.
    String query = uri.getRawQuery() == null ? "" : uri.getRawQuery();
    for (String part : query.split("&", -1)) {
      int equals = part.indexOf('=');
      if (equals > 0) {
        parameters.putIfAbsent(
            URLDecoder.decode(part.substring(0, equals), StandardCharsets.UTF_8),
            URLDecoder.decode(part.substring(equals + 1), StandardCharsets.UTF_8));
      }
    }
    return parameters;
  }

  private void answer(HttpExchange exchange, int status, String body) throws IOException {
    answer(exchange, status, "text/plain; charset=utf-8", body);
  }

  private void answer(HttpExchange exchange, int status, String type, String body)
      throws IOException {
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("Content-Type", type);
    Future<?> end = cut.schedule(exchange::close, longestWrite.toMillis(), TimeUnit.MILLISECONDS);
    try {
      exchange.sendResponseHeaders(status, bytes.length);
      exchange.getResponseBody().write(bytes);
    } finally {
      end.cancel(false);
    }
  }

  @Override
  public void close() {
    server.stop(0);
    executor.shutdownNow();
    cut.shutdownNow();
  }
}
