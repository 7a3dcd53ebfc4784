package io.cnn2gnn.localstack;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;

/**
 * A loopback port for a server that is started later, or that comes back to it. It lies below those
 * that systems give to outgoing connections, of which any may be taken at any moment.
 */
public final class FreePort {
  private static final int FIRST = 20_000;

  /** Linux begins there; others later. */
  private static final int EPHEMERAL = 32_768;

  private static final int TRIES = 100;

  private FreePort() {}

  /**
   * Makes sure that nobody listens on a port now.
   *
   * @param port 0 for one that the system chooses, which is always free
   * @param option what the user would change if the port is taken
   * @throws PortInUseException if another process holds it
   */
  public static void require(int port, String option) {
    Loopback.requireFree(port, option);
  }

  /**
   * Several different ones that nobody listens on now.
   *
   * @throws IOException if so many were not found
   */
  public static List<Integer> find(int count) throws IOException {
    Set<Integer> found = new LinkedHashSet<>();
    while (found.size() < count) {
      found.add(find());
    }
    return List.copyOf(found);
  }

  /**
   * One that nobody listens on now.
   *
   * @throws IOException if none was found
   */
  public static int find() throws IOException {
    IOException taken = new IOException("no port was tried");
    for (int i = 0; i < TRIES; i++) {
      int port = ThreadLocalRandom.current().nextInt(FIRST, EPHEMERAL);
      try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
        return socket.getLocalPort();
      } catch (IOException e) {
        taken = e;
      }
    }
    throw new IOException(
        "none of %d ports between %d and %d is free".formatted(TRIES, FIRST, EPHEMERAL), taken);
  }
}
