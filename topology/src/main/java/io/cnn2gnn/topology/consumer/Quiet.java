package io.cnn2gnn.topology.consumer;

import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * How long a poll waits for records. Kafka Streams' timers tick between polls, and an open batch
 * needs them every few milliseconds; a thread that has had nothing to do for a while does not, and
 * would spend half of an idle process's time on looking. Records that come end a poll at once, so
 * none is answered later for it.
 */
final class Quiet {
  /** Twice Kafka Streams' own default; a service that is to stop waits for it once. */
  static final Duration LONG = Duration.ofMillis(200);

  /** By then what was answered is committed, and labels have had their outcomes. */
  static final Duration SETTLED = Duration.ofSeconds(1);

  private final LongSupplier monotonicNanos;
  private long worked;

  Quiet(LongSupplier monotonicNanos) {
    this.monotonicNanos = monotonicNanos;
    worked();
  }

  /** There was, or is, something to do. */
  void worked() {
    worked = monotonicNanos.getAsLong();
  }

  /** The time that a poll waits, if it was asked to wait so long. */
  Duration wait(Duration asked) {
    boolean settled = monotonicNanos.getAsLong() - worked >= SETTLED.toNanos();
    return settled && !asked.isZero() && asked.compareTo(LONG) < 0 ? LONG : asked;
  }
}
