package io.cnn2gnn.training.topic;

import java.util.Comparator;
import java.util.Optional;

/**
 * An image as it came.
 *
 * @param label its class, if somebody knows it
 * @param fraction by which it is held out or not
 * @param samples in the frame of all
 */
record StreamImage(
    String id,
    Optional<String> label,
    double fraction,
    long timestamp,
    int partition,
    long offset,
    byte[] samples) {
  /** Between partitions only time tells which record came later. */
  static final Comparator<StreamImage> BY_AGE =
      Comparator.comparingLong(StreamImage::timestamp)
          .thenComparingInt(StreamImage::partition)
          .thenComparingLong(StreamImage::offset);

  /** By hash, so that the first ones of a set are a fair sample of it. */
  static final Comparator<StreamImage> BY_HASH =
      Comparator.comparingDouble(StreamImage::fraction).thenComparing(StreamImage::id);
}
