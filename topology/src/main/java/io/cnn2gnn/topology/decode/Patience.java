package io.cnn2gnn.topology.decode;

import io.cnn2gnn.schemas.RegistryUnavailableException;
import io.cnn2gnn.topology.reference.ReferenceUnavailableException;
import java.time.Duration;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Waits out a registry, or the host of a reference, that is away, with growing pauses. The record
 * is neither skipped nor rejected: when patience ends, the exception goes up, the task is restarted
 * from its last commit and the record is tried again.
 *
 * <p>The stream thread polls nothing meanwhile. Tries count like pauses, so a record holds it up
 * for the patience and one last try at most.
 */
public final class Patience {
  private static final Logger LOG = LoggerFactory.getLogger(Patience.class);
  private static final Duration FIRST_PAUSE = Duration.ofMillis(100);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);

  /** Sleeps; injected so that tests need not. */
  public interface Sleeper {
    void sleep(Duration pause) throws InterruptedException;
  }

  private final Duration longest;
  private final LongSupplier monotonicNanos;
  private final Sleeper sleeper;
  private final Waiting waiting;

  /**
   * Makes one.
   *
   * @param longest how long in all; well below max.poll.interval.ms
   * @param waiting is told of every wait
   */
  public Patience(Duration longest, LongSupplier monotonicNanos, Sleeper sleeper, Waiting waiting) {
    this.longest = longest;
    this.monotonicNanos = monotonicNanos;
    this.sleeper = sleeper;
    this.waiting = waiting;
  }

  /** Repeats the call until it is answered or patience ends. */
  public <T> T whileAway(Supplier<T> call) {
    try {
      return call.get();
    } catch (RegistryUnavailableException | ReferenceUnavailableException e) {
      waiting.begin();
      try {
        return again(call, e);
      } finally {
        waiting.end();
      }
    }
  }

  private <T> T again(Supplier<T> call, RuntimeException first) {
    long start = monotonicNanos.getAsLong();
    RuntimeException last = first;
    Duration pause = FIRST_PAUSE;
    while (true) {
      Duration left = longest.minusNanos(monotonicNanos.getAsLong() - start);
      if (left.isNegative() || left.isZero()) {
        waiting.gaveUp(monotonicNanos.getAsLong());
        throw last;
      }
      pause = shorter(pause, left);
      LOG.warn("{}; trying again in {} ms", last.getMessage(), pause.toMillis());
      try {
        sleeper.sleep(pause);
        return call.get();
      } catch (RegistryUnavailableException | ReferenceUnavailableException e) {
        last = e;
      } catch (InterruptedException interrupted) {
        Thread.currentThread().interrupt();
        throw last;
      }
      pause = shorter(pause.multipliedBy(2), LONGEST_PAUSE);
    }
  }

  private static Duration shorter(Duration a, Duration b) {
    return a.compareTo(b) < 0 ? a : b;
  }
}
