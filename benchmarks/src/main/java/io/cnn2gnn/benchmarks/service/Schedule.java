package io.cnn2gnn.benchmarks.service;

/**
 * When images are due, evenly spaced. An image's time runs from here, whether it could be sent then
 * or not: a sender that waits for a slow service would otherwise leave out just the slow moments.
 *
 * @param start nanoseconds of {@link System#nanoTime}, when the first is due
 * @param perSecond how many
 * @param count of all
 */
public record Schedule(long start, double perSecond, int count) {
  public Schedule {
    if (!(perSecond > 0) || count < 1) {
      throw new IllegalArgumentException(
          "rate and count must be positive: %s, %d".formatted(perSecond, count));
    }
  }

  /** One for so many seconds. */
  public static Schedule lasting(long start, double perSecond, double seconds) {
    return new Schedule(start, perSecond, (int) Math.max(1, Math.round(perSecond * seconds)));
  }

  /** When the i-th is due; each is reckoned from the start, so that no error adds up. */
  public long due(int i) {
    return start + (long) (i * 1e9 / perSecond);
  }

  /** The first that is due so many seconds after the start, or later; the count if none is. */
  public int firstAfter(double seconds) {
    return (int) Math.min(count, Math.ceil(seconds * perSecond));
  }
}
