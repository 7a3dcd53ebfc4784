package io.cnn2gnn.cli.label;

import io.cnn2gnn.cli.kit.CliException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;

/** Times as files write them. */
final class LabelTimes {
  private static final Instant FIRST = Instant.EPOCH;
  private static final Instant LAST = Instant.parse("9999-12-31T23:59:59Z");

  private LabelTimes() {}

  /** Now, as exactly as a record has it. */
  static Instant now() {
    return Instant.now().truncatedTo(ChronoUnit.MICROS);
  }

  /**
   * Reads an ISO time with its zone.
   *
   * @throws CliException if it is none, or none that a record could hold
   */
  static Instant parse(String field, String text) throws CliException {
    try {
      Instant at = OffsetDateTime.parse(text.strip()).toInstant().truncatedTo(ChronoUnit.MICROS);
      if (!at.isBefore(FIRST) && !at.isAfter(LAST)) {
        return at;
      }
      throw new CliException("%s '%s' is not between 1970 and 9999".formatted(field, text));
    } catch (DateTimeException e) {
      throw new CliException(
          "%s must be a time with its zone such as 2026-11-29T10:00:00Z, not '%s'"
              .formatted(field, text),
          e);
    }
  }
}
