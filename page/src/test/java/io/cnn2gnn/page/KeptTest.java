package io.cnn2gnn.page;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class KeptTest {
  private long now;
  private int found;

  @Test
  void itIsFoundOutAnewWhenItIsOld() {
    Kept<Integer> kept = new Kept<>(() -> ++found, Duration.ofNanos(10), () -> now);
    assertThat(kept.get()).contains(1);
    now = 10;
    assertThat(kept.get()).contains(1);
    now = 11;
    assertThat(kept.get()).contains(2);
    kept.forget();
    assertThat(kept.get()).contains(3);
  }

  @Test
  void whatWasBeingFoundOutWhenItWasForgottenIsOldAndServesMeanwhile() {
    Kept<?>[] itself = new Kept<?>[1];
    Kept<Optional<?>> kept =
        new Kept<>(
            () -> {
              itself[0].forget();
              found++;
              return itself[0].get();
            },
            Duration.ofNanos(10),
            () -> now);
    itself[0] = kept;
    assertThat(kept.get().orElseThrow()).as("nothing yet").isEmpty();
    assertThat(kept.get().orElseThrow()).as("what was found first").isPresent();
    assertThat(found).isEqualTo(2);
  }

  @Test
  void whoAsksWhileItIsFoundOutGetsWhatWasKnown() {
    Kept<?>[] itself = new Kept<?>[1];
    Kept<Optional<?>> kept = new Kept<>(() -> itself[0].get(), Duration.ofNanos(10), () -> now);
    itself[0] = kept;
    assertThat(kept.get().orElseThrow()).as("nothing yet").isEmpty();
    now = 11;
    assertThat(kept.get().orElseThrow()).as("what was found first").isPresent();
  }
}
