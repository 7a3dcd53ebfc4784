package io.cnn2gnn.benchmarks.recovery;

import java.util.Map;

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

  Map<String, Object> summary() {
    return Map.of(
        "readySeconds", ready,
        "restoreSeconds", restore,
        "readSeconds", read,
        "megabytes", megabytes,
        "megabytesPerSecond", megabytesPerSecond());
  }
}
