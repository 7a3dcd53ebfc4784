package io.cnn2gnn.topology.app;

import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * Notices that the wall clock was set back. Kafka's clients wait by it, and their timers never go
 * back: a poll without records, a heartbeat or a commit that is due waits until the clock is again
 * where it was. Only a new process has new timers.
 */
final class WallClock implements AutoCloseable {
  /** What a timer may be late by without harm. */
  static final Duration HARMLESS = Duration.ofSeconds(10);

  private static final long LOOK_MILLIS = 1000;

  private final LongSupplier wallMillis;
  private final LongSupplier monotonicNanos;
  private final Consumer<Duration> wentBack;
  private final ScheduledExecutorService looks =
      Executors.newSingleThreadScheduledExecutor(
          work -> {
            Thread thread = new Thread(work, "wall-clock");
            thread.setDaemon(true);
            return thread;
          });
  private long ahead;

  /**
   * Does nothing until {@link #start}.
   *
   * @param wentBack told by how much, each time
   */
  WallClock(LongSupplier wallMillis, LongSupplier monotonicNanos, Consumer<Duration> wentBack) {
    this.wallMillis = wallMillis;
    this.monotonicNanos = monotonicNanos;
    this.wentBack = wentBack;
    this.ahead = aheadOfMonotonic();
  }

  private long aheadOfMonotonic() {
    return wallMillis.getAsLong() - TimeUnit.NANOSECONDS.toMillis(monotonicNanos.getAsLong());
  }

  /** Looks once a second from now on. */
  void start() {
    var unused =
        looks.scheduleWithFixedDelay(this::look, LOOK_MILLIS, LOOK_MILLIS, TimeUnit.MILLISECONDS);
  }

  void look() {
    long now = aheadOfMonotonic();
    Duration back = Duration.ofMillis(ahead - now);
    ahead = now;
    if (back.compareTo(HARMLESS) > 0) {
      wentBack.accept(back);
    }
  }

  @Override
  public void close() {
    looks.shutdownNow();
  }
}
