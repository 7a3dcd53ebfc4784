package io.cnn2gnn.topology.release;

import io.cnn2gnn.schemas.Durations;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Locale;
import java.util.Optional;

/** How fast batches come, by the last of them. Safe for use by several threads. */
final class BatchRate {
  private static final int MOST = 64;

  private record Seen(long nanos, int images) {}

  /**
   * What a number of batches would be.
   *
   * @param images in them
   * @param time until they have come
   */
  record Forecast(long images, Duration time) {
    /** For people. */
    @Override
    public String toString() {
      return String.format(
          Locale.ROOT,
          "about %,d images or %s to go, at the rate seen",
          images,
          Durations.text(time));
    }
  }

  private final Deque<Seen> last = new ArrayDeque<>();
  private long since;

  /** Begins at a time of a clock that never goes back. */
  BatchRate(long nanos) {
    this.since = nanos;
  }

  /** A batch has come. */
  synchronized void add(int images, long nanos) {
    last.addLast(new Seen(nanos, images));
    if (last.size() > MOST) {
      since = last.removeFirst().nanos();
    }
  }

  /** If they go on as up to now; empty before the first one. */
  synchronized Optional<Forecast> forecast(int batches, long now) {
    if (last.isEmpty()) {
      return Optional.empty();
    }
    double share = (double) batches / last.size();
    long images = last.stream().mapToLong(Seen::images).sum();
    return Optional.of(
        new Forecast(
            Math.round(share * images), Duration.ofNanos(Math.round(share * (now - since)))));
  }
}
