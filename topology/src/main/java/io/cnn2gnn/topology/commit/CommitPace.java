package io.cnn2gnn.topology.commit;

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
 * <p>A thread that has caught up after a rush need not wait for the interval that the rush made
 * long: it commits as soon as it was idle for a while after its last answers, where the longest
 * absence does not count either.
 *
 * <p>One for each thread; its tasks share it.
 */
public final class CommitPace {
  private static final double SPARE = 0.15;
  private static final double IDLE = 0.3;
  private static final long IDLE_NANOS = Duration.ofMillis(3).toNanos();

  private final long least;
  private final long most;
  private final LongSupplier monotonicNanos;
  private final Absences sinceCommit = new Absences();
  private final Absences sinceAnswers = new Absences();
  private long interval;
  private long left;
  private boolean owed;

  /**
   * Begins with the least interval.
   *
   * @param least time between two commits that it asks for
   * @param most commits come that often without it
   */
  public CommitPace(Duration least, Duration most, LongSupplier monotonicNanos) {
    this.least = least.toNanos();
    this.most = Math.max(this.least, most.toNanos());
    this.monotonicNanos = monotonicNanos;
    this.interval = this.least;
    this.left = monotonicNanos.getAsLong();
    sinceCommit.clear(left);
    sinceAnswers.clear(left);
  }

  /** Has the thread work for a task; before and after it is with Kafka Streams. */
  public void work(Runnable work) {
    long away = monotonicNanos.getAsLong() - left;
    sinceCommit.add(away);
    sinceAnswers.add(away);
    work.run();
    left = monotonicNanos.getAsLong();
  }

  /** A batch has been answered. */
  public void answered() {
    owed = true;
    sinceAnswers.clear(monotonicNanos.getAsLong());
  }

  /** Whether what has been answered should be committed now. */
  public boolean isDue() {
    long now = monotonicNanos.getAsLong();
    long passed = now - sinceCommit.start;
    boolean isIdle = least < most && isIdle(now);
    if (!owed || passed < (isIdle ? least : interval)) {
      return false;
    }
    owed = false;
    boolean isBusy = sinceCommit.spare() < SPARE * passed;
    interval = isBusy ? Math.min(most, 2 * interval) : least;
    sinceCommit.clear(now);
    return isIdle || interval < most;
  }

  private boolean isIdle(long now) {
    long spare = sinceAnswers.spare();
    return spare >= IDLE_NANOS && spare >= IDLE * (now - sinceAnswers.start);
  }

  /** How long the thread was away since a moment, but for the longest time. */
  private static final class Absences {
    private long start;
    private long sum;
    private long longest;

    void add(long nanos) {
      sum += nanos;
      longest = Math.max(longest, nanos);
    }

    long spare() {
      return sum - longest;
    }

    void clear(long now) {
      start = now;
      sum = 0;
      longest = 0;
    }
  }
}
