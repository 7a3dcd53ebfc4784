package io.cnn2gnn.topology.release;

import static org.assertj.core.api.Assertions.assertThat;

import io.cnn2gnn.topology.release.BatchRate.Forecast;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class BatchRateTest {
  private static final long SECOND = Duration.ofSeconds(1).toNanos();

  @Test
  void beforeTheFirstBatchNothingIsForetold() {
    assertThat(new BatchRate(0).forecast(200, 9 * SECOND)).isEmpty();
  }

  @Test
  void theSameGoesOn() {
    BatchRate rate = new BatchRate(10 * SECOND);
    rate.add(60, 11 * SECOND);
    rate.add(20, 12 * SECOND);
    assertThat(rate.forecast(200, 12 * SECOND))
        .contains(new Forecast(8_000, Duration.ofSeconds(200)));
    assertThat(rate.forecast(0, 12 * SECOND)).contains(new Forecast(0, Duration.ZERO));
  }

  @Test
  void aStreamThatStandsStillTakesLonger() {
    BatchRate rate = new BatchRate(0);
    rate.add(60, SECOND);
    assertThat(rate.forecast(10, 100 * SECOND))
        .contains(new Forecast(600, Duration.ofSeconds(1_000)));
  }

  @Test
  void theLastBatchesCount() {
    BatchRate rate = new BatchRate(0);
    for (int batch = 1; batch <= 100; batch++) {
      rate.add(1, batch * 60L * SECOND);
    }
    for (int batch = 1; batch <= 64; batch++) {
      rate.add(64, 6_000 * SECOND + batch * SECOND);
    }
    assertThat(rate.forecast(64, 6_064 * SECOND))
        .contains(new Forecast(4_096, Duration.ofSeconds(64)));
  }

  @Test
  void itIsSaidForPeople() {
    assertThat(new Forecast(6_200, Duration.ofSeconds(192)))
        .hasToString("about 6,200 images or 3 min 12 s to go, at the rate seen");
  }
}
