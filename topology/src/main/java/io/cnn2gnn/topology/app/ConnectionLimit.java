package io.cnn2gnn.topology.app;

import java.time.Duration;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.util.thread.Scheduler;

/**
 * Ends connections: each after a time, whatever its client does meanwhile, and the oldest when
 * there are too many, so that the newest is always served.
 */
final class ConnectionLimit implements Connection.Listener {
  private final int most;
  private final Duration longest;
  private final Scheduler scheduler;
  private final Map<Connection, Scheduler.Task> open = new LinkedHashMap<>();

  ConnectionLimit(int most, Duration longest, Scheduler scheduler) {
    this.most = most;
    this.longest = longest;
    this.scheduler = scheduler;
  }

  @Override
  public void onOpened(Connection connection) {
    // Not an idle timeout: who sends or takes a byte now and then is never idle.
    Scheduler.Task end =
        scheduler.schedule(
            () -> connection.getEndPoint().close(), longest.toMillis(), TimeUnit.MILLISECONDS);
    Map.Entry<Connection, Scheduler.Task> oldest;
    synchronized (open) {
      open.put(connection, end);
      if (open.size() <= most) {
        return;
      }
      // It is told of its end later, and would be the oldest again meanwhile.
      Iterator<Map.Entry<Connection, Scheduler.Task>> byAge = open.entrySet().iterator();
      oldest = Map.Entry.copyOf(byAge.next());
      byAge.remove();
    }
    oldest.getValue().cancel();
    oldest.getKey().getEndPoint().close();
  }

  @Override
  public void onClosed(Connection connection) {
    Scheduler.Task end;
    synchronized (open) {
      end = open.remove(connection);
    }
    if (end != null) {
      end.cancel();
    }
  }
}
