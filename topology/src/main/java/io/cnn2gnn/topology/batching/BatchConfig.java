package io.cnn2gnn.topology.batching;

import java.time.Duration;

/**
 * When a batch closes: whichever comes first.
 *
 * @param maxImages so many images
 * @param maxWait so long after its first image
 * @param maxBytes so many bytes of input records and samples
 */
public record BatchConfig(int maxImages, Duration maxWait, long maxBytes) {
  public BatchConfig {
    if (maxImages < 1 || maxImages > 4096) {
      throw new IllegalArgumentException("batch.max.images must lie in 1..4096: " + maxImages);
    }
    if (maxWait.isNegative() || maxWait.isZero() || maxWait.compareTo(Duration.ofMinutes(1)) > 0) {
      throw new IllegalArgumentException(
          "batch.max.wait.ms must lie in 1..60000: " + maxWait.toMillis());
    }
    if (maxBytes < 1) {
      throw new IllegalArgumentException("batch.max.bytes must be positive: " + maxBytes);
    }
  }
}
