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

  /**
   * Makes one.
   *
   * @param longest how long in all; well below max.poll.interval.ms
   */
  public Patience(Duration longest, LongSupplier monotonicNanos, Sleeper sleeper) {
    this.longest = longest;
    this.monotonicNanos = monotonicNanos;
    this.sleeper = sleeper;
  }

  /** Repeats the call until it is answered or patience ends. */
  public <T> T whileAway(Supplier<T> call) {
    long start = monotonicNanos.getAsLong();
    Duration pause = FIRST_PAUSE;
    while (true) {
      try {
        return call.get();
      } catch (RegistryUnavailableException | ReferenceUnavailableException e) {
        Duration left = longest.minusNanos(monotonicNanos.getAsLong() - start);
        if (left.isNegative() || left.isZero()) {
          throw e;
        }
        pause = shorter(pause, left);
        LOG.warn("{}; trying again in {} ms", e.getMessage(), pause.toMillis());
        try {
          sleeper.sleep(pause);
        } catch (InterruptedException interrupted) {
          Thread.currentThread().interrupt();
          throw e;
        }
        pause = shorter(pause.multipliedBy(2), LONGEST_PAUSE);
      }
    }
  }

  private static Duration shorter(Duration a, Duration b) {
    return a.compareTo(b) < 0 ? a : b;
  }
}
