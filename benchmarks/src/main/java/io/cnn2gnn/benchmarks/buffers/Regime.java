package io.cnn2gnn.benchmarks.buffers;

/** How images come. */
enum Regime {
  /** All are there before the start: batches close by count. */
  FLOOD,
  /** Few enough per second that batches close by time, and most commits meet an open one. */
  PACED;

  String label() {
    return this == FLOOD ? "flood" : "paced";
  }
}
