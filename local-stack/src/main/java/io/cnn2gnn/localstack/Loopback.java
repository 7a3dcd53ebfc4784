package io.cnn2gnn.localstack;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.ServerSocketChannel;

/** Everything in the local stack listens on loopback, and nothing else. */
final class Loopback {
  static final String ADDRESS = "127.0.0.1";
  static final String BROKER_OPTION = "--broker-port";
  static final String REGISTRY_OPTION = "--registry-port";

  private Loopback() {}

  /**
   * Opens a listening socket that the caller owns.
   *
   * @param port 0 for one that the system chooses
   * @param option what the user would change if the port is taken
   * @throws PortInUseException if another process holds the port
   */
  static ServerSocketChannel listen(int port, String option) {
    try {
      ServerSocketChannel channel = ServerSocketChannel.open();
      try {
        InetAddress loopback = InetAddress.getByAddress(new byte[] {127, 0, 0, 1});
        return channel.bind(new InetSocketAddress(loopback, port));
      } catch (IOException e) {
        channel.close();
        throw e;
      }
    } catch (BindException e) {
      throw new PortInUseException(port, option, e);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot listen on %s:%d".formatted(ADDRESS, port), e);
    }
  }

  /** Fails early, in the caller's thread, when a port that was asked for by number is taken. */
  static void requireFree(int port, String option) {
    if (port == 0) {
      return;
    }
    try {
      listen(port, option).close();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot release port " + port, e);
    }
  }
}
