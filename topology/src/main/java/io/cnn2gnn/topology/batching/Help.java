package io.cnn2gnn.topology.batching;

import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * What a task's thread does itself to have its images decoded, which is bounded between two ticks:
 * the thread has other partitions.
 */
final class Help {
  static final long LONGEST_NANOS = Duration.ofMillis(50).toNanos();
  static final long LONGEST_AWAIT_NANOS = Duration.ofMillis(5).toNanos();

  private final OpenImages open;
  private final LongSupplier monotonicNanos;
  private long spent;

  Help(OpenImages open, LongSupplier monotonicNanos) {
    this.open = open;
    this.monotonicNanos = monotonicNanos;
  }

  /** A tick: there is time again. */
  void renew() {
    spent = 0;
  }

  /**
   * Decodes some of the first images with the helpers, from the end, where they come last; then
   * waits a moment for them.
   */
  void with(int images) {
    long start = monotonicNanos.getAsLong();
    for (int i = images - 1; i >= open.ready() && hasTime(start); i--) {
      open.get(i).help();
    }
    for (int i = open.ready(); i < images && hasTime(start); i++) {
      if (!open.get(i).isDone()
          && (!open.get(i).isSoonDone() || !open.get(i).await(LONGEST_AWAIT_NANOS))) {
        break;
      }
    }
    spent += monotonicNanos.getAsLong() - start;
  }

  private boolean hasTime(long start) {
    return spent + monotonicNanos.getAsLong() - start < LONGEST_NANOS;
  }
}
