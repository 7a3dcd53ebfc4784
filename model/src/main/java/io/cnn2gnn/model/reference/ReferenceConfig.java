package io.cnn2gnn.model.reference;

import java.time.Duration;

/**
 * Which references are fetched, and how far.
 *
 * @param allowed where they may point
 * @param maxBytes the largest file
 * @param timeout of one try, from connecting to the last byte
 */
public record ReferenceConfig(AllowList allowed, long maxBytes, Duration timeout) {
  /** A file is held whole, by every thread that fetches one. */
  private static final long MOST_BYTES = 1 << 30;

  public ReferenceConfig {
    if (maxBytes < 1 || maxBytes > MOST_BYTES) {
      throw new IllegalArgumentException(
          "reference.max.bytes must lie in 1..%d: %d".formatted(MOST_BYTES, maxBytes));
    }
    if (timeout.isNegative() || timeout.isZero()) {
      throw new IllegalArgumentException(
          "reference.timeout.ms must be positive: " + timeout.toMillis());
    }
  }
}
