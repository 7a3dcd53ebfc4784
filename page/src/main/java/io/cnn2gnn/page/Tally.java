package io.cnn2gnn.page;

import com.google.common.math.Quantiles;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.LongSupplier;

/** What goes through, over the last ten seconds. Any thread may use it. */
final class Tally {
  private static final long WINDOW_MILLIS = 10_000;

  /** Of those that came last: more of them would change no percentile that is looked at. */
  private static final int MOST_LATENCIES = 10_000;

  private record Seen(long at, double latencyMillis, boolean answered) {}

  private final LongSupplier clock;
  private final Deque<Seen> seen = new ArrayDeque<>();
  private long first = -1;

  /** By a clock in milliseconds. */
  Tally(LongSupplier clock) {
    this.clock = clock;
  }

  /** An image was answered so long after it was taken; clocks may disagree. */
  synchronized void answered(Duration latency) {
    add(Math.max(0, latency.toNanos() / 1e6), true);
  }

  synchronized void refused() {
    add(0, false);
  }

  private void add(double latencyMillis, boolean answered) {
    long now = clock.getAsLong();
    first = first < 0 ? now : first;
    seen.addLast(new Seen(now, latencyMillis, answered));
    forget(now);
  }

  private void forget(long now) {
    while (!seen.isEmpty()
        && (now - seen.getFirst().at() > WINDOW_MILLIS || seen.size() > 4 * MOST_LATENCIES)) {
      seen.removeFirst();
    }
  }

  /**
   * What it comes to.
   *
   * @param perSecond answers
   * @param medianMillis from the time in the image's record to the answer; 0 without any
   * @param p99Millis likewise
   * @param refusedShare of all that came to an end
   */
  record Figures(double perSecond, double medianMillis, double p99Millis, double refusedShare) {}

  synchronized Figures figures() {
    long now = clock.getAsLong();
    forget(now);
    List<Double> latencies = new ArrayList<>();
    for (Seen one : seen) {
      if (one.answered() && latencies.size() < MOST_LATENCIES) {
        latencies.add(one.latencyMillis());
      }
    }
    long answered = seen.stream().filter(Seen::answered).count();
    double seconds = Math.max(1, Math.min(WINDOW_MILLIS, now - first) / 1000.0);
    return new Figures(
        answered / seconds,
        latencies.isEmpty() ? 0 : Quantiles.median().compute(latencies),
        latencies.isEmpty() ? 0 : Quantiles.percentiles().index(99).compute(latencies),
        seen.isEmpty() ? 0 : 1 - (double) answered / seen.size());
  }
}
