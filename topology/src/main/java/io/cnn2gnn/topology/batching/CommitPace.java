package io.cnn2gnn.topology.batching;

import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * When a stream thread asks for a commit of its own accord: as soon as there are answers and some
 * time has passed since the last one, as long as it has time to spare.
 *
 * <p>Readers of committed records see an answer when it is committed. A thread that would only wait
 * commits at once; one that has more than it can do would answer fewer images for it, and leaves
 * that to {@code commit.interval.ms}. So the interval doubles whenever the thread was away for less
 * than a seventh of it, and is the least otherwise. The longest of its absences counts as work:
 * that was the commit.
 *
 * <p>One for each thread; its tasks share it.
 */
public final class CommitPace {
  private static final double SPARE = 0.15;

  private final long least;
  private final long most;
  private final LongSupplier monotonicNanos;
  private long interval;
  private long since;
  private long left;
  private long awayNanos;
  private long longestNanos;
  private boolean owed;

  /**
   * Makes one.
   *
   * @param least time between two commits that it asks for
   * @param most commits come that often without it
   */
  public CommitPace(Duration least, Duration most, LongSupplier monotonicNanos) {
    this.least = least.toNanos();
    this.most = Math.max(this.least, most.toNanos());
    this.monotonicNanos = monotonicNanos;
    this.interval = this.least;
    this.since = monotonicNanos.getAsLong();
    this.left = since;
  }

  /** The thread begins to work for a task. */
  public void enter() {
    long away = monotonicNanos.getAsLong() - left;
    awayNanos += away;
    longestNanos = Math.max(longestNanos, away);
  }

  /** The thread goes back to Kafka Streams. */
  public void leave() {
    left = monotonicNanos.getAsLong();
  }

  /** A batch has been answered. */
  void answered() {
    owed = true;
  }

  /** Whether what has been answered should be committed now. */
  boolean isDue() {
    long passed = monotonicNanos.getAsLong() - since;
    if (!owed || passed < interval) {
      return false;
    }
    owed = false;
    boolean isBusy = awayNanos - longestNanos < SPARE * passed;
    interval = isBusy ? Math.min(most, 2 * interval) : least;
    since += passed;
    awayNanos = 0;
    longestNanos = 0;
    return interval < most;
  }
}
