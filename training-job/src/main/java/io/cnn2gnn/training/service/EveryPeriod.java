package io.cnn2gnn.training.service;

import java.time.Clock;
import java.time.Duration;
import java.util.Optional;

/**
 * It is time so long after the end of the last training, and at once if there was none.
 *
 * @param period how long
 * @param clock tells the time
 */
public record EveryPeriod(Duration period, Clock clock) implements Trigger {
  public EveryPeriod {
    if (period.isNegative() || period.isZero()) {
      throw new IllegalArgumentException("a period must be positive: " + period);
    }
  }

  @Override
  public Optional<String> fired(Optional<LastTraining> last) {
    boolean due =
        last.map(training -> !clock.instant().isBefore(training.ended().plus(period))).orElse(true);
    return due
        ? Optional.of(
            last.map(training -> period + " since " + training.end()).orElse("nothing was trained"))
        : Optional.empty();
  }
}
