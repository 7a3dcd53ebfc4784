package io.cnn2gnn.topology.decode;

import io.cnn2gnn.schemas.RegistryUnavailableException;
import java.time.Duration;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Waits out a registry that is away, with growing pauses. The record is neither skipped nor
 * rejected: when patience ends, the exception goes up, the task is restarted from its last commit
 * and the record is tried again.
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
  private final Sleeper sleeper;

  /**
   * Makes one.
   *
   * @param longest how long in all; well below max.poll.interval.ms
   */
  public Patience(Duration longest, Sleeper sleeper) {
    this.longest = longest;
    this.sleeper = sleeper;
  }

  /** Repeats the call until the registry answers or patience ends. */
  public <T> T whileRegistryIsAway(Supplier<T> call) {
    Duration waited = Duration.ZERO;
    Duration pause = FIRST_PAUSE;
    while (true) {
      try {
        return call.get();
      } catch (RegistryUnavailableException e) {
        if (waited.compareTo(longest) >= 0) {
          throw e;
        }
        LOG.warn("{}; trying again in {} ms", e.getMessage(), pause.toMillis());
        try {
          sleeper.sleep(pause);
        } catch (InterruptedException interrupted) {
          Thread.currentThread().interrupt();
          throw e;
        }
        waited = waited.plus(pause);
        pause = pause.multipliedBy(2);
        if (pause.compareTo(LONGEST_PAUSE) > 0) {
          pause = LONGEST_PAUSE;
        }
      }
    }
  }
}
