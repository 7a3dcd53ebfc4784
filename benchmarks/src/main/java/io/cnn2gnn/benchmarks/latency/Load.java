package io.cnn2gnn.benchmarks.latency;

import com.google.common.math.Quantiles;
import java.util.Map;

/**
 * What one load of one round came to, in milliseconds where nothing else is said.
 *
 * @param perSecond images that were due
 * @param p50 of the time from when an image was due to its committed answer
 * @param max of it
 * @param batch mean time of inference for a batch, as the service counts it; not a number where
 *     nobody does, and so the size
 * @param batchImages mean size of a batch
 * @param late 99th percentile of what the sender itself was late by, which is part of the rest
 */
record Load(
    double perSecond,
    double p50,
    double p90,
    double p99,
    double max,
    double batch,
    double batchImages,
    double late) {
  private static final double NANOS = 1e6;

  static Load of(
      double perSecond, long[] latencies, long[] late, double batchMillis, double batchImages) {
    Map<Integer, Double> at = Quantiles.percentiles().indexes(50, 90, 99, 100).compute(latencies);
    return new Load(
        perSecond,
        at.get(50) / NANOS,
        at.get(90) / NANOS,
        at.get(99) / NANOS,
        at.get(100) / NANOS,
        batchMillis,
        batchImages,
        Quantiles.percentiles().index(99).compute(late) / NANOS);
  }

  /** What the 99th percentile should keep to: an image waits for its batch and the one before. */
  double bound(double linger) {
    return linger + 2 * batch;
  }

  Summary summary(double linger) {
    return new Summary(
        perSecond, p50, p90, p99, max, batch, counted(batchImages), counted(bound(linger)), late);
  }

  private double counted(double figure) {
    return Double.isNaN(batch) ? Double.NaN : figure;
  }

  /**
   * A load in the names of a JSON file.
   *
   * @param batchMillis not a number where nobody counted batches, and so the next two
   */
  record Summary(
      double imagesPerSecond,
      double p50Millis,
      double p90Millis,
      double p99Millis,
      double maxMillis,
      double batchMillis,
      double batchImages,
      double boundMillis,
      double senderLateP99Millis) {}
}
