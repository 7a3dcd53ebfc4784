package io.cnn2gnn.page;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/**
 * Server-sent events to every browser that listens. A browser that has not taken the last one is
 * left out of the next: it is shown less, and holds nothing up.
 */
final class Broadcast {
  static final int MOST_LISTENERS = 64;

  private final Set<Listener> listeners = ConcurrentHashMap.newKeySet();

  private record Listener(Response response, Callback end, AtomicBoolean busy) {}

  /** Keeps a response open; false if there are too many already. */
  boolean open(Response response, Callback end) {
    if (listeners.size() >= MOST_LISTENERS) {
      return false;
    }
    response.getHeaders().put(HttpHeader.CONTENT_TYPE, "text/event-stream; charset=utf-8");
    response.getHeaders().put(HttpHeader.CACHE_CONTROL, "no-store");
    Listener listener = new Listener(response, end, new AtomicBoolean());
    listeners.add(listener);
    // A browser waits this long before it comes back to a page that was away.
    write(listener, "retry: 1000\n\n");
    return true;
  }

  void send(String json) {
    listeners.forEach(listener -> write(listener, "data: " + json + "\n\n"));
  }

  private void write(Listener listener, String text) {
    if (!listener.busy().compareAndSet(false, true)) {
      return;
    }
    listener
        .response()
        .write(
            false,
            ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)),
            Callback.from(
                () -> listener.busy().set(false),
                failure -> {
                  listeners.remove(listener);
                  listener.end().failed(failure);
                }));
  }

  /** Ends all of them. */
  void close() {
    listeners.forEach(listener -> listener.end().succeeded());
    listeners.clear();
  }
}
