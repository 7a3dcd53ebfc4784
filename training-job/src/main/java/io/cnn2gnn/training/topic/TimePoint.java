package io.cnn2gnn.training.topic;

import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;

/** Where a range of a topic begins or ends, by the timestamps of its records. */
public sealed interface TimePoint {
  /** The first record that the topic still has. */
  record Earliest() implements TimePoint {}

  /** Where the topic ends when it is asked. */
  record Latest() implements TimePoint {}

  /** The first record of that time or later. */
  record At(Instant instant) implements TimePoint {}

  /**
   * Reads {@code earliest}, {@code latest}, an instant such as {@code 2026-11-25T10:00:00Z}, or a
   * duration such as {@code PT2H} or {@code P7D}, which is so long before now.
   *
   * @throws IllegalArgumentException if it is none of these
   */
  static TimePoint parse(String text, Clock clock) {
    if (text.equals("earliest")) {
      return new Earliest();
    }
    if (text.equals("latest")) {
      return new Latest();
    }
    try {
      return text.startsWith("P")
          ? new At(clock.instant().minus(duration(text)))
          : new At(Instant.parse(text));
    } catch (DateTimeException | ArithmeticException e) {
      throw new IllegalArgumentException(
          "a time is earliest, latest, an instant such as 2026-11-25T10:00:00Z or a duration before"
              + " now such as PT2H or P7D, not '"
              + text
              + "'",
          e);
    }
  }

  private static Duration duration(String text) {
    Duration duration = Duration.parse(text);
    if (duration.isNegative()) {
      throw new DateTimeParseException("it lies in the future", text, 0);
    }
    return duration;
  }
}
