package io.cnn2gnn.schemas;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class MissingSchemasTest {
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 7);
  private final MissingSchemas missing = new MissingSchemas(PATIENCE, nanos::get);

  private static SchemaId id(int id) {
    return new SchemaId.Local(id);
  }

  private void pass(Duration time) {
    nanos.addAndGet(time.toNanos());
  }

  @Test
  void oneIsWaitedForOnce() {
    assertThat(missing.mayCome(id(1))).isTrue();
    pass(PATIENCE.minusNanos(1));
    assertThat(missing.mayCome(id(1))).isTrue();
    pass(Duration.ofNanos(1));
    assertThat(missing.mayCome(id(1))).isFalse();
    pass(MissingSchemas.PERIOD.multipliedBy(2));
    assertThat(missing.mayCome(id(1))).isFalse();
  }

  @Test
  void whoeverWritesIdsThatNobodyHasHoldsNothingUpForLong() {
    int waits = 0;
    for (int i = 0; i < 10_000; i++) {
      waits += missing.mayCome(id(i)) ? 1 : 0;
    }
    assertThat(waits).isEqualTo(MissingSchemas.MOST_WAITS);
    pass(MissingSchemas.PERIOD);
    assertThat(missing.mayCome(id(-1))).isTrue();
  }

  @Test
  void withoutPatienceNoneIsWaitedFor() {
    assertThat(new MissingSchemas(Duration.ZERO, nanos::get).mayCome(id(1))).isFalse();
  }
}
