package io.cnn2gnn.topology.decode;

import io.cnn2gnn.topology.retry.Backoff;
import java.time.Duration;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Says when a record that needs something which is away is tried again: with growing pauses, and
 * for how long. Nobody sleeps meanwhile: its partition takes no more records, the others go on.
 */
public final class Patience {
  private static final Logger LOG = LoggerFactory.getLogger(Patience.class);
  private static final Duration FIRST_PAUSE = Duration.ofMillis(100);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);
  private static final Duration BETWEEN_LINES = Duration.ofMinutes(1);

  private final Duration longest;
  private final LongSupplier monotonicNanos;
  private final Waiting waiting;

  /**
   * Of a service.
   *
   * @param longest how long the host of a reference may fail before the record is refused; a
   *     registry is waited for without end
   * @param waiting is told of every wait
   */
  public Patience(Duration longest, LongSupplier monotonicNanos, Waiting waiting) {
    this.longest = longest;
    this.monotonicNanos = monotonicNanos;
    this.waiting = waiting;
  }

  Duration longest() {
    return longest;
  }

  /** Begins to wait for what a record needs. */
  Wait begin(String record) {
    return new Wait(record);
  }

  /** One record's; not safe for use by several threads. */
  final class Wait {
    private final String record;
    private final long start = monotonicNanos.getAsLong();
    private final Backoff backoff = new Backoff(FIRST_PAUSE, LONGEST_PAUSE);
    private long due = start;
    private long nextLine = start;

    private Wait(String record) {
      this.record = record;
    }

    /** Whether it is time to try again. */
    boolean isDue() {
      return monotonicNanos.getAsLong() - due >= 0;
    }

    /** Whether it has waited for the longest time. */
    boolean isOver() {
      return monotonicNanos.getAsLong() - start >= longest.toNanos();
    }

    /** It was tried, in vain. */
    void failed(String reason) {
      long now = monotonicNanos.getAsLong();
      waiting.waits(this, record, reason);
      if (now - nextLine >= 0) {
        LOG.warn("{} waits, and its partition with it: {}; trying again", record, reason);
        nextLine = now + BETWEEN_LINES.toNanos();
      }
      due = now + backoff.next().toNanos();
    }

    void end() {
      waiting.goesOn(this);
    }
  }
}
