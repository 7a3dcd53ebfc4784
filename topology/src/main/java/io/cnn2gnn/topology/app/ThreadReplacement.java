package io.cnn2gnn.topology.app;

import io.cnn2gnn.topology.heap.HeapFaults;
import io.cnn2gnn.topology.heap.HeapFaults.Decision;
import io.cnn2gnn.topology.heap.HeapFaults.Place;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.streams.errors.StreamsException;
import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What happens when a stream thread dies of an exception: it is replaced, and its records are tried
 * again from the last commit; so it is where the heap was too small, for a while. Other errors of
 * the JVM, or more than ten deaths in ten minutes, stop the process with an honest exit code
 * instead of a silent loop. So does a broker that refuses password or ACL at the start; one that
 * begins to while the service runs is tried again and again, since rights can come back.
 */
final class ThreadReplacement implements StreamsUncaughtExceptionHandler {
  private static final Logger LOG = LoggerFactory.getLogger(ThreadReplacement.class);
  private static final int MOST_DEATHS = 10;
  private static final long WINDOW_NANOS = TimeUnit.MINUTES.toNanos(10);

  private final LongSupplier nanos;
  private final Refusals refusals;
  private final HeapFaults heap;
  private final BooleanSupplier align;
  private final Deque<Long> deaths = new ArrayDeque<>();

  /**
   * Of a service.
   *
   * @param align gives what belongs to the images topic as many partitions as that has, and returns
   *     whether it has as many now
   */
  ThreadReplacement(LongSupplier nanos, Refusals refusals, HeapFaults heap, BooleanSupplier align) {
    this.nanos = nanos;
    this.refusals = refusals;
    this.heap = heap;
    this.align = align;
  }

  @Override
  public StreamThreadExceptionResponse handle(Throwable exception) {
    boolean refused =
        has(AuthorizationException.class, exception)
            || has(AuthenticationException.class, exception);
    Optional<OutOfMemoryError> small = find(OutOfMemoryError.class, exception);
    if (small.isPresent()) {
      String thread = "thread " + Thread.currentThread().getName();
      return heap.decide(Place.THREAD, thread, small.get()) == Decision.END
          ? StreamThreadExceptionResponse.SHUTDOWN_CLIENT
          : StreamThreadExceptionResponse.REPLACE_THREAD;
    }
    if (isOfPartitions(exception)) {
      if (align.getAsBoolean()) {
        LOG.warn(
            "the images topic has got more partitions; a stream thread begins again with them");
      } else {
        // It dies again as soon as it begins: until somebody has mended it.
        refusals.pause();
      }
      return StreamThreadExceptionResponse.REPLACE_THREAD;
    }
    // Without the lock: it takes its time.
    return refused && !has(Error.class, exception)
        ? refusals.handle(exception)
        : replaceOrStop(exception);
  }

  private synchronized StreamThreadExceptionResponse replaceOrStop(Throwable exception) {
    if (!has(Error.class, exception) && has(TimeoutException.class, exception)) {
      LOG.warn("the broker is still away; trying again from the last commit", exception);
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

  /** Kafka Streams does not say by its type that a changelog has another number of them. */
  private static boolean isOfPartitions(Throwable exception) {
    return find(StreamsException.class, exception)
        .filter(e -> String.valueOf(e.getMessage()).contains("has invalid partitions"))
        .isPresent();
  }

  private static boolean has(Class<? extends Throwable> type, Throwable exception) {
    return find(type, exception).isPresent();
  }

  private static <T extends Throwable> Optional<T> find(Class<T> type, Throwable exception) {
    for (Throwable e = exception; e != null; e = e.getCause()) {
      if (type.isInstance(e)) {
        return Optional.of(type.cast(e));
      }
    }
    return Optional.empty();
  }
}
