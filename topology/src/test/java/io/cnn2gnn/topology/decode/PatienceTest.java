package io.cnn2gnn.topology.decode;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PatienceTest {
  private static final Duration LONGEST = Duration.ofSeconds(30);

  private final AtomicLong nanos = new AtomicLong();
  private final Waiting waiting = new Waiting();

  private Patience.Wait begin() {
    return new Patience(LONGEST, nanos::get, waiting).begin("images-0@7");
  }

  /** The whole milliseconds until a wait is due; to the nanosecond it is not due before. */
  private long untilDue(Patience.Wait wait) {
    long start = nanos.get();
    while (!wait.isDue()) {
      nanos.addAndGet(1_000_000);
    }
    long waited = nanos.get() - start;
    if (waited > 0) {
      nanos.decrementAndGet();
      assertThat(wait.isDue()).isFalse();
      nanos.incrementAndGet();
    }
    return waited / 1_000_000;
  }

  /** A clock of nanoseconds may begin anywhere, and pass the largest long. */
  @ParameterizedTest
  @ValueSource(longs = {0, Long.MIN_VALUE, -1, Long.MAX_VALUE - 1_000_000_000})
  void itsPausesDoubleUpToFiveSeconds(long begin) {
    nanos.set(begin);
    Patience.Wait wait = begin();
    List<Long> pauses = new ArrayList<>();
    for (int i = 0; i < 9; i++) {
      pauses.add(untilDue(wait));
      wait.failed("connection refused");
    }
    assertThat(pauses).containsExactly(0L, 100L, 200L, 400L, 800L, 1600L, 3200L, 5000L, 5000L);
  }

  @Test
  void aPauseBeginsWhenTheTryHasFailed() {
    Patience.Wait wait = begin();
    nanos.addAndGet(Duration.ofSeconds(2).toNanos());
    wait.failed("no answer within 2 s");
    assertThat(untilDue(wait)).isEqualTo(100);
  }

  @Test
  void itIsOverAfterTheLongestTimeSinceItsBeginHoweverOftenItWasTried() {
    Patience.Wait wait = begin();
    nanos.addAndGet(LONGEST.toNanos() - 1);
    wait.failed("connection refused");
    assertThat(wait.isOver()).isFalse();
    nanos.incrementAndGet();
    assertThat(wait.isOver()).isTrue();
  }

  @Test
  void aRecordCountsAsWaitingUntilItsEnd() {
    Patience.Wait first = begin();
    Patience.Wait second = begin();
    first.failed("connection refused");
    second.failed("no route to host");
    assertThat(waiting.records()).isEqualTo(2);
    assertThat(waiting.reason().orElseThrow())
        .startsWith("images-0@7 waits: ")
        .endsWith(" (and 1 more)");
    second.failed("connection refused");
    first.end();
    assertThat(waiting.records()).isEqualTo(1);
    assertThat(waiting.reason()).contains("images-0@7 waits: connection refused");
    second.end();
    assertThat(waiting.records()).isZero();
    assertThat(waiting.reason()).isEmpty();
  }
}
