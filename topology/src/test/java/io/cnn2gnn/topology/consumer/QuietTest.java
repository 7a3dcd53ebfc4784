package io.cnn2gnn.topology.consumer;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class QuietTest {
  private static final Duration ASKED = Duration.ofMillis(5);

  private long now = 7_000_000_000L;
  private final Quiet quiet = new Quiet(() -> now);

  private void passes(Duration time) {
    now += time.toNanos();
  }

  @Test
  void aPollWaitsAsLongAsItIsAskedToWhileThereIsWork() {
    for (int i = 0; i < 1000; i++) {
      quiet.worked();
      assertThat(quiet.wait(ASKED)).isEqualTo(ASKED);
      passes(ASKED);
    }
    passes(Quiet.SETTLED.minus(ASKED).minusNanos(1));
    assertThat(quiet.wait(ASKED)).isEqualTo(ASKED);
  }

  @Test
  void aPollWaitsLongerWhenNothingWasDoneForAWhileUntilSomethingIs() {
    passes(Quiet.SETTLED);
    assertThat(quiet.wait(ASKED)).isEqualTo(Quiet.LONG);
    quiet.worked();
    assertThat(quiet.wait(ASKED)).isEqualTo(ASKED);
  }

  @Test
  void whoDoesNotWantToWaitOrWantsToWaitLongerDoes() {
    passes(Quiet.SETTLED);
    assertThat(quiet.wait(Duration.ZERO)).isEqualTo(Duration.ZERO);
    assertThat(quiet.wait(Duration.ofSeconds(3))).isEqualTo(Duration.ofSeconds(3));
  }
}
