package io.cnn2gnn.benchmarks.recovery;

/**
 * One restart after a kill.
 *
 * @param ready seconds from process start until it took images
 * @param restore seconds of it for which the bank was restored
 * @param read seconds of those for which the changelog was read
 * @param megabytes of keys and values in the changelog, 10^6 bytes each
 */
record Restore(double ready, double restore, double read, double megabytes) {
  double megabytesPerSecond() {
    return megabytes / restore;
  }

  Summary summary() {
    return new Summary(ready, restore, read, megabytes, megabytesPerSecond());
  }

  /** A restart in the names of a JSON file. */
  record Summary(
      double readySeconds,
      double restoreSeconds,
      double readSeconds,
      double megabytes,
      double megabytesPerSecond) {}
}
