package io.cnn2gnn.benchmarks.recovery;

import java.util.Arrays;

/** Times without answers. */
final class Gaps {
  private Gaps() {}

  /** The longest time between an answer and the next, from when each came, in any order. */
  static long longest(long[] arrivals) {
    long[] sorted = arrivals.clone();
    Arrays.sort(sorted);
    long longest = 0;
    for (int i = 1; i < sorted.length; i++) {
      longest = Math.max(longest, sorted[i] - sorted[i - 1]);
    }
    return longest;
  }
}
