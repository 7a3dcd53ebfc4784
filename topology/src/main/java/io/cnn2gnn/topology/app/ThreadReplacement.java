package io.cnn2gnn.topology.app;

import io.cnn2gnn.schemas.RegistryUnavailableException;
import io.cnn2gnn.topology.reference.ReferenceUnavailableException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What happens when a stream thread dies of an exception: it is replaced, and its records are tried
 * again from the last commit. Errors of the JVM itself, or more than ten deaths in ten minutes,
 * stop the process with an honest exit code instead of a silent loop. So does a broker that refuses
 * password or ACL at the start; one that begins to while the service runs is tried again and again,
 * since rights can come back.
 */
final class ThreadReplacement implements StreamsUncaughtExceptionHandler {
  private static final Logger LOG = LoggerFactory.getLogger(ThreadReplacement.class);
  private static final int MOST_DEATHS = 10;
  private static final long WINDOW_NANOS = TimeUnit.MINUTES.toNanos(10);

  private final LongSupplier nanos;
  private final Refusals refusals;
  private final Deque<Long> deaths = new ArrayDeque<>();

  ThreadReplacement(LongSupplier nanos, Refusals refusals) {
    this.nanos = nanos;
    this.refusals = refusals;
  }

  @Override
  public StreamThreadExceptionResponse handle(Throwable exception) {
    boolean refused =
        has(AuthorizationException.class, exception)
            || has(AuthenticationException.class, exception);
    // Without the lock: it takes its time.
    return refused && !has(Error.class, exception)
        ? refusals.handle(exception)
        : replaceOrStop(exception);
  }

  private synchronized StreamThreadExceptionResponse replaceOrStop(Throwable exception) {
    if (!has(Error.class, exception)
        && (has(RegistryUnavailableException.class, exception)
            || has(ReferenceUnavailableException.class, exception)
            || has(TimeoutException.class, exception))) {
      LOG.warn(
          "the registry, a reference or the broker is still away; trying again from the last"
              + " commit",
          exception);
      return StreamThreadExceptionResponse.REPLACE_THREAD;
    }
    long now = nanos.getAsLong();
    deaths.addLast(now);
    while (now - deaths.getFirst() > WINDOW_NANOS) {
      deaths.removeFirst();
    }
    boolean fatal = has(Error.class, exception) || deaths.size() > MOST_DEATHS;
    LOG.error(
        "a stream thread died ({} in the last ten minutes); {}",
        deaths.size(),
        fatal ? "stopping" : "replacing it",
        exception);
    return fatal
        ? StreamThreadExceptionResponse.SHUTDOWN_CLIENT
        : StreamThreadExceptionResponse.REPLACE_THREAD;
  }

  private static boolean has(Class<? extends Throwable> type, Throwable exception) {
    for (Throwable e = exception; e != null; e = e.getCause()) {
      if (type.isInstance(e)) {
        return true;
      }
    }
    return false;
  }
}
