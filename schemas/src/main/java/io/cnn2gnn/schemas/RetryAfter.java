package io.cnn2gnn.schemas;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Optional;

/** HTTP's header by which a server says when it wants to be asked again. */
final class RetryAfter {
  /** Whoever asks for more is asked again all the same. */
  static final long MOST_SECONDS = 300;

  private RetryAfter() {}

  /**
   * Seconds from now, 1 to {@link #MOST_SECONDS}; empty if the header is missing or makes no sense.
   *
   * @param header seconds or a date; null if there is none
   */
  static Optional<Long> seconds(String header, long nowMillis) {
    if (header == null) {
      return Optional.empty();
    }
    String value = header.strip();
    long seconds;
    if (value.matches("[0-9]{1,9}")) {
      seconds = Long.parseLong(value);
    } else {
      try {
        Instant at = ZonedDateTime.parse(value, DateTimeFormatter.RFC_1123_DATE_TIME).toInstant();
        seconds = Math.floorDiv(at.toEpochMilli() - nowMillis, 1000L) + 1;
      } catch (DateTimeException e) {
        return Optional.empty();
      }
    }
    return Optional.of(Math.min(MOST_SECONDS, Math.max(1, seconds)));
  }
}
