package io.cnn2gnn.schemas;

import com.sun.net.httpserver.HttpServer;
import io.confluent.kafka.schemaregistry.client.SchemaRegistryClient;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** An HTTP server that gives canned answers to the genuine client. */
final class StubRegistry implements AutoCloseable {
  private record Answer(int status, String body, Map<String, String> headers) {}

  private final HttpServer server;
  private final Map<String, Answer> answers = new ConcurrentHashMap<>();
  private final List<String> requests = new CopyOnWriteArrayList<>();
  private final List<String> queries = new CopyOnWriteArrayList<>();
  private final List<String> authorizations = new CopyOnWriteArrayList<>();

  StubRegistry() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          String request = exchange.getRequestMethod() + " " + exchange.getRequestURI().getPath();
          requests.add(request);
          authorizations.add(
              String.valueOf(exchange.getRequestHeaders().getFirst("Authorization")));
          String query = String.valueOf(exchange.getRequestURI().getQuery());
          queries.add(query);
          Answer answer =
              answers.getOrDefault(
                  request + "?" + query,
                  answers.getOrDefault(
                      request, new Answer(404, "<html>nothing here</html>", Map.of())));
          byte[] body = answer.body.getBytes(StandardCharsets.UTF_8);
          answer.headers.forEach(exchange.getResponseHeaders()::add);
          // -1 stands for no body at all.
          exchange.sendResponseHeaders(answer.status, body.length == 0 ? -1 : body.length);
          if (body.length > 0) {
            exchange.getResponseBody().write(body);
          }
          exchange.close();
        });
    server.start();
  }

  /**
   * What it says from now on.
   *
   * @param request method and path, with the query or for any of them
   */
  StubRegistry answer(String request, int status, String body) {
    return answer(request, status, body, Map.of());
  }

  StubRegistry answer(String request, int status, String body, Map<String, String> headers) {
    answers.put(request, new Answer(status, body, headers));
    return this;
  }

  /** A schema as a registry gives it. */
  static String schema(String schema) {
    return "{\"schema\":\"%s\"}".formatted(schema.replace("\\", "\\\\").replace("\"", "\\\""));
  }

  String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  SchemaRegistryClient client() {
    return SchemaRegistries.create(Map.of("schema.registry.url", url()));
  }

  List<String> requests() {
    return requests;
  }

  List<String> queries() {
    return queries;
  }

  List<String> authorizations() {
    return authorizations;
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
