package io.cnn2gnn.page;

import com.google.common.math.Quantiles;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.LongSupplier;

/** What goes through, over the last ten seconds. Any thread may use it. */
final class Tally {
  private static final int SECONDS = 10;

  /** Of those that came last: more of them would change no percentile that is looked at. */
  private static final int MOST_LATENCIES = 5_000;

  /** Beyond a day it is a clock that is wrong, or a date that nobody meant. */
  private static final Duration LONGEST = Duration.ofDays(1);

  /** What came in a second. */
  private static final class Second {
    private final long second;
    private long answered;
    private long refused;

    Second(long second) {
      this.second = second;
    }
  }

  private record Latency(long second, long millis) {}

  private final LongSupplier clock;
  private final Deque<Second> seconds = new ArrayDeque<>();
  private final Deque<Latency> latencies = new ArrayDeque<>();
  private long first = -1;

  /** By a clock in milliseconds. */
  Tally(LongSupplier clock) {
    this.clock = clock;
  }

  /** An image was answered so long after it was taken; clocks may disagree. */
  synchronized void answered(Duration latency) {
    Second now = now();
    now.answered++;
    Duration known = latency.compareTo(LONGEST) > 0 ? LONGEST : latency;
    latencies.addLast(new Latency(now.second, known.isNegative() ? 0 : known.toMillis()));
    if (latencies.size() > MOST_LATENCIES) {
      latencies.removeFirst();
    }
  }

  synchronized void refused() {
    now().refused++;
  }

  private Second now() {
    long second = forget();
    first = first < 0 ? second : first;
    if (seconds.isEmpty() || seconds.getLast().second != second) {
      seconds.addLast(new Second(second));
    }
    return seconds.getLast();
  }

  private long forget() {
    long now = clock.getAsLong() / 1000;
    while (!seconds.isEmpty() && seconds.getFirst().second <= now - SECONDS) {
      seconds.removeFirst();
    }
    while (!latencies.isEmpty() && latencies.getFirst().second() <= now - SECONDS) {
      latencies.removeFirst();
    }
    return now;
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
    long now = forget();
    long answered = seconds.stream().mapToLong(second -> second.answered).sum();
    long refused = seconds.stream().mapToLong(second -> second.refused).sum();
    long window = Math.max(1, Math.min(SECONDS, now - first + 1));
    long[] millis = latencies.stream().mapToLong(Latency::millis).toArray();
    return new Figures(
        (double) answered / window,
        millis.length == 0 ? 0 : Quantiles.median().compute(millis),
        millis.length == 0 ? 0 : Quantiles.percentiles().index(99).compute(millis),
        refused == 0 ? 0 : (double) refused / (answered + refused));
  }
}
