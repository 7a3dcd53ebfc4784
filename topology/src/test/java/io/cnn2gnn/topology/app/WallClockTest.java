package io.cnn2gnn.topology.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class WallClockTest {
  private final AtomicLong wall = new AtomicLong(1_000_000_000_000L);
  private final AtomicLong nanos = new AtomicLong(77);
  private final List<Duration> told = new ArrayList<>();
  private final WallClock clock = new WallClock(wall::get, nanos::get, told::add);

  @AfterEach
  void close() {
    clock.close();
  }

  private void pass(long seconds, long onTheWall) {
    nanos.addAndGet(TimeUnit.SECONDS.toNanos(seconds));
    wall.addAndGet(TimeUnit.SECONDS.toMillis(onTheWall));
    clock.look();
  }

  @Test
  void tellsOfAnHourBackOnce() {
    pass(1, 1);
    pass(1, 1 - 3600);
    pass(1, 1);
    assertThat(told).containsExactly(Duration.ofHours(1));
  }

  @Test
  void aClockThatGoesForwardOrIsCorrectedALittleIsNobodysBusiness() {
    pass(1, 3601);
    pass(1, 1 - WallClock.HARMLESS.toSeconds());
    // A machine that slept: the monotonic clock stood still.
    pass(0, 600);
    assertThat(told).isEmpty();
  }

  @Test
  void anHourForthAndBackIsAnHourBack() {
    pass(1, 3601);
    pass(1, -3599);
    assertThat(told).containsExactly(Duration.ofHours(1));
  }
}
