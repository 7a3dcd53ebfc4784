package io.cnn2gnn.cli.demo;

import io.cnn2gnn.cli.kit.CliException;
import java.net.URI;
import org.eclipse.jetty.http.HttpURI;
import org.eclipse.jetty.proxy.ProxyHandler;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.thread.QueuedThreadPool;

/**
 * Shows a registry at the root of a loopback port, where Confluent's is and every client's example
 * looks for it. The local one has that API below a path of its own.
 */
final class RegistryFront implements AutoCloseable {
  private static final String HOST = "127.0.0.1";
  private static final int THREADS = 16;

  private final Server server;

  /**
   * Listens.
   *
   * @param registry where Confluent's API begins, once it answers
   * @throws CliException if the port is taken
   */
  RegistryFront(int port, URI registry) throws CliException {
    QueuedThreadPool threads = new QueuedThreadPool(THREADS);
    threads.setName("registry-front");
    threads.setDaemon(true);
    server = new Server(threads);
    ServerConnector connector = new ServerConnector(server);
    connector.setHost(HOST);
    connector.setPort(port);
    server.addConnector(connector);
    server.setHandler(
        new ProxyHandler.Reverse(
            request -> HttpURI.from(registry + request.getHttpURI().getPathQuery())));
    try {
      server.start();
    } catch (Exception e) {
      close();
      throw new CliException(
          "the registry cannot be shown at port %d: %s; give another --registry-port"
              .formatted(port, e.getMessage()),
          e);
    }
  }

  /** Where it is. */
  String url() {
    return "http://" + HOST + ":" + ((ServerConnector) server.getConnectors()[0]).getLocalPort();
  }

  @Override
  public void close() {
    try {
      server.stop();
    } catch (Exception e) {
      throw new IllegalStateException("the registry's port could not be closed", e);
    }
  }
}
