package io.cnn2gnn.schemas;

import java.time.Duration;
import java.util.Locale;

/** Durations as people read them. */
public final class Durations {
  private static final Duration TENTHS = Duration.ofSeconds(10);

  private Durations() {}

  /** With the two largest units: 7.8 s, 45 s, 3 min 12 s, 2 h 5 min, 3 d 4 h. */
  public static String text(Duration duration) {
    if (duration.compareTo(TENTHS) < 0) {
      return String.format(Locale.ROOT, "%.1f s", duration.toMillis() / 1000.0);
    }
    if (duration.toMinutes() == 0) {
      return duration.toSeconds() + " s";
    }
    if (duration.toHours() == 0) {
      return "%d min %d s".formatted(duration.toMinutes(), duration.toSecondsPart());
    }
    return duration.toDays() == 0
        ? "%d h %d min".formatted(duration.toHours(), duration.toMinutesPart())
        : "%d d %d h".formatted(duration.toDays(), duration.toHoursPart());
  }
}
