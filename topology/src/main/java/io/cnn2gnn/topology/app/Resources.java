package io.cnn2gnn.topology.app;

import java.util.ArrayDeque;
import java.util.Deque;

/** What a service has opened, closed in the opposite order. */
final class Resources {
  private final Deque<AutoCloseable> open = new ArrayDeque<>();

  /** Has it closed before all that came earlier. */
  <T extends AutoCloseable> T add(T resource) {
    open.push(resource);
    return resource;
  }

  /** Closes everything. What cannot be closed is added to the exception that says why. */
  void close(Exception reason) {
    while (!open.isEmpty()) {
      try {
        open.pop().close();
      } catch (Exception e) {
        reason.addSuppressed(e);
      }
    }
  }
}
