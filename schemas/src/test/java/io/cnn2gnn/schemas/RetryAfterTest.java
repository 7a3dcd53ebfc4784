package io.cnn2gnn.schemas;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RetryAfterTest {
  private static final long NOW = Instant.parse("2026-10-21T07:28:00Z").toEpochMilli();

  @Test
  void isSecondsOrADate() {
    assertThat(RetryAfter.seconds("17", NOW)).contains(17L);
    assertThat(RetryAfter.seconds(" 17 ", NOW)).contains(17L);
    assertThat(RetryAfter.seconds("Wed, 21 Oct 2026 07:28:20 GMT", NOW)).contains(21L);
  }

  @Test
  void isNeitherInThePastNorFarAhead() {
    assertThat(RetryAfter.seconds("0", NOW)).contains(1L);
    assertThat(RetryAfter.seconds("Wed, 21 Oct 2020 07:28:20 GMT", NOW)).contains(1L);
    assertThat(RetryAfter.seconds("999999999", NOW)).contains(RetryAfter.MOST_SECONDS);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "soon", "-1", "1.5", "99999999999999999999", "Wed, 21 Oct"})
  void makesNoSense(String header) {
    assertThat(RetryAfter.seconds(header, NOW)).isEmpty();
  }

  @Test
  void mayBeMissing() {
    assertThat(RetryAfter.seconds(null, NOW)).isEmpty();
  }
}
