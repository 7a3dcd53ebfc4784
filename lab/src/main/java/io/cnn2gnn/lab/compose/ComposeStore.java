package io.cnn2gnn.lab.compose;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.cnn2gnn.cli.kit.CliException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** Stands in for the web server in front of a folder of bundles; loopback, reads only. */
final class ComposeStore implements AutoCloseable {
  private final HttpServer server;

  private ComposeStore(HttpServer server) {
    this.server = server;
  }

  static ComposeStore over(Path folder) throws CliException {
    try {
      Files.createDirectories(folder);
      HttpServer server =
          HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
      server.createContext("/", exchange -> serve(exchange, folder));
      server.start();
      return new ComposeStore(server);
    } catch (IOException e) {
      throw new CliException(
          "the model store cannot be served from %s: %s".formatted(folder, e), e);
    }
  }

  private static void serve(HttpExchange exchange, Path folder) throws IOException {
    try (exchange) {
      String name = exchange.getRequestURI().getPath().substring(1);
      // Bundles lie flat, so that no path leads out of the folder.
      Path file = name.matches("[A-Za-z0-9_-][A-Za-z0-9._-]*") ? folder.resolve(name) : folder;
      if (!exchange.getRequestMethod().equals("GET")) {
        answer(exchange, 405, "only GET\n".getBytes(StandardCharsets.UTF_8));
      } else if (name.equals("health")) {
        answer(exchange, 200, "ok\n".getBytes(StandardCharsets.UTF_8));
      } else if (Files.isRegularFile(file)) {
        answer(exchange, 200, Files.readAllBytes(file));
      } else {
        answer(exchange, 404, "no such bundle\n".getBytes(StandardCharsets.UTF_8));
      }
    }
  }

  private static void answer(HttpExchange exchange, int status, byte[] body) throws IOException {
    exchange.sendResponseHeaders(status, body.length);
    exchange.getResponseBody().write(body);
  }

  String address() {
    return "127.0.0.1:" + server.getAddress().getPort();
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
