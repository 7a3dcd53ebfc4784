package io.cnn2gnn.benchmarks.latency;

import java.util.Arrays;

/** Percentiles by nearest rank: each is a value that was measured. */
final class Percentiles {
  private final long[] sorted;

  Percentiles(long[] values) {
    if (values.length == 0) {
      throw new IllegalArgumentException("percentiles of nothing");
    }
    sorted = values.clone();
    Arrays.sort(sorted);
  }

  /**
   * The least value that so many percent do not exceed.
   *
   * @param percent above 0, 100 for the highest
   */
  long at(double percent) {
    int rank = (int) Math.ceil(percent / 100 * sorted.length);
    return sorted[Math.min(Math.max(rank, 1), sorted.length) - 1];
  }
}
