package io.cnn2gnn.topology.decode;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** Whether any record waits for something that is away; the service is not ready then. */
public final class Waiting {
  /** A task that gave up starts again and waits again; in between the service does not flicker. */
  private static final Duration AFTERMATH = Duration.ofSeconds(5);

  private final AtomicInteger records = new AtomicInteger();
  private final AtomicLong quietFrom = new AtomicLong(Long.MIN_VALUE);

  void begin() {
    records.incrementAndGet();
  }

  void end() {
    records.decrementAndGet();
  }

  void gaveUp(long nanos) {
    quietFrom.set(nanos + AFTERMATH.toNanos());
  }

  /**
   * Whether a record waits, or did so moments ago.
   *
   * @param nanos now, by the monotonic clock
   */
  public boolean isAny(long nanos) {
    long quiet = quietFrom.get();
    return records.get() > 0 || (quiet != Long.MIN_VALUE && nanos - quiet < 0);
  }
}
