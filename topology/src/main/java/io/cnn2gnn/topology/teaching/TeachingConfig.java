package io.cnn2gnn.topology.teaching;

import java.time.Duration;

/**
 * What labels may do.
 *
 * @param capacity rows of the labelled tier in all; 0: labels measure answers and teach nothing
 * @param perClass rows of one class
 * @param perLabeller share of the capacity that one labeller may have, in (0, 1]
 * @param newClasses how many classes labels may bring that the model does not know; one source a
 *     quarter of them
 * @param ofSource whether an image hears of the labels of its own source alone
 * @param recent answers per partition that are remembered, for labels that come later
 * @param patience how long a label waits for its image
 */
public record TeachingConfig(
    int capacity,
    int perClass,
    double perLabeller,
    int newClasses,
    boolean ofSource,
    int recent,
    Duration patience) {
  public TeachingConfig {
    if (capacity < 0 || capacity > 100_000) {
      throw new IllegalArgumentException(
          "bank.labelled.capacity must lie in 0..100000: " + capacity);
    }
    if (perClass < 1) {
      throw new IllegalArgumentException("bank.labelled.per.class must be positive: " + perClass);
    }
    if (!(perLabeller > 0 && perLabeller <= 1)) {
      throw new IllegalArgumentException(
          "bank.labelled.per.labeller must lie above 0 and be 1 at most: " + perLabeller);
    }
    if (newClasses < 0 || newClasses > 10_000) {
      throw new IllegalArgumentException("labels.new.classes must lie in 0..10000: " + newClasses);
    }
    if (recent < 0 || recent > 1_000_000) {
      throw new IllegalArgumentException("labels.recent must lie in 0..1000000: " + recent);
    }
  }

  /** Rows that one labeller may have. */
  int mostOfLabeller() {
    return (int) Math.max(1, capacity * perLabeller);
  }

  /** New classes that one source may bring. */
  int newClassesOfSource() {
    return (newClasses + 3) / 4;
  }
}
