package io.cnn2gnn.topology.app;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.ManagedSelector;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.thread.Scheduler;

/**
 * Ends connections: each after a time, whatever its client does meanwhile, and the oldest when
 * there are too many, so that the newest is always served.
 */
final class ConnectionLimit implements Connection.Listener {
  private final int most;
  private final Duration longest;
  private final ServerConnector connector;
  private final Map<Connection, Scheduler.Task> open = new LinkedHashMap<>();

  ConnectionLimit(int most, Duration longest, ServerConnector connector) {
    this.most = most;
    this.longest = longest;
    this.connector = connector;
  }

  @Override
  public void onOpened(Connection connection) {
    // Not an idle timeout: who sends or takes a byte now and then is never idle.
    Scheduler.Task end =
        connector
            .getScheduler()
            .schedule(() -> close(connection), longest.toMillis(), TimeUnit.MILLISECONDS);
    Connection oldest;
    synchronized (open) {
      open.put(connection, end);
      if (open.size() <= most) {
        return;
      }
      oldest = open.keySet().iterator().next();
    }
    // It is told of its end later, and would be the oldest again meanwhile.
    onClosed(oldest);
    close(oldest);
  }

  private void close(Connection connection) {
    // Where it selects, since elsewhere the client learns of it with the next that happens there.
    connector
        .getSelectorManager()
        .getBean(ManagedSelector.class)
        .submit(selector -> connection.getEndPoint().close());
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
