package io.cnn2gnn.schemas;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DurationsTest {
  @ParameterizedTest
  @CsvSource({
    "PT0S, 0.0 s",
    "PT0.049S, 0.0 s",
    "PT7.84S, 7.8 s",
    "PT10S, 10 s",
    "PT59.9S, 59 s",
    "PT1M, 1 min 0 s",
    "PT3M12S, 3 min 12 s",
    "PT59M59S, 59 min 59 s",
    "PT2H5M59S, 2 h 5 min",
    "P3DT4H59M, 3 d 4 h"
  })
  void twoUnitsAtMostAreSaid(Duration duration, String text) {
    assertThat(Durations.text(duration)).isEqualTo(text);
  }
}
