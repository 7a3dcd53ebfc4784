package io.cnn2gnn.topology.heap;

import io.cnn2gnn.topology.metrics.AppMetrics;
import io.cnn2gnn.topology.metrics.KindCounter;
import io.cnn2gnn.topology.metrics.KindMeter;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decides what becomes of the service where its heap was too small for something: nobody else
 * catches an {@link OutOfMemoryError} without asking here. Where one record, picture or bundle is
 * to blame it is stepped over. Where nothing is, the thread begins again from its last commit, and
 * a process to which that happens again and again ends with a line that says why.
 */
public final class HeapFaults {
  private static final Logger LOG = LoggerFactory.getLogger(HeapFaults.class);
  private static final int MOST = 10;
  private static final long WINDOW_NANOS = TimeUnit.MINUTES.toNanos(10);

  /** Where it happened. */
  public enum Place {
    /** Kafka's consumer took records out of a compressed batch. */
    POLL,
    /** A record was decoded. */
    DECODE,
    /** A release was loaded. */
    RELEASE,
    /** A candidate answered in the shadow. */
    SHADOW,
    /** A stream thread died, and nobody knows which record was to blame. */
    THREAD
  }

  /** What to do. */
  public enum Decision {
    /** Go on, without what was too large. */
    STEP_OVER,
    /** End the process. */
    END
  }

  /** What is shown of them. */
  public static final KindMeter<Place> METER =
      new KindMeter<>(
          "cnn2gnn.heap.out.of.memory",
          "place",
          Place.class,
          "Times the heap was too small, by where; what was too large was stepped over");

  private final LongSupplier nanos;
  private final KindCounter<Place> faults;
  private final Deque<Long> unexplained = new ArrayDeque<>();

  /** Counts within windows of a clock that never goes back. */
  public HeapFaults(LongSupplier nanos, AppMetrics metrics) {
    this.nanos = nanos;
    this.faults = metrics.counter(METER);
  }

  /**
   * Decides, counts, and says so.
   *
   * @param what was too large, as a person would name it
   */
  public synchronized Decision decide(Place place, String what, OutOfMemoryError error) {
    faults.count(place);
    Decision decision = place == Place.THREAD ? unexplained() : Decision.STEP_OVER;
    String where = place.name().toLowerCase(Locale.ROOT);
    if (decision == Decision.END) {
      LOG.error(
          "out of memory ({}) more than {} times in ten minutes, last in {}: {}; the process ends:"
              + " give it a larger heap (-Xmx), smaller batches, or a smaller bank",
          error.getMessage(),
          MOST,
          where,
          what);
    } else {
      LOG.warn("out of memory ({}) in {}: {}", error.getMessage(), where, what);
    }
    return decision;
  }

  private Decision unexplained() {
    long now = nanos.getAsLong();
    unexplained.addLast(now);
    while (now - unexplained.getFirst() > WINDOW_NANOS) {
      unexplained.removeFirst();
    }
    return unexplained.size() > MOST ? Decision.END : Decision.STEP_OVER;
  }
}
