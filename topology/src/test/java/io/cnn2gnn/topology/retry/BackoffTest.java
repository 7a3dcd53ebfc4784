package io.cnn2gnn.topology.retry;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class BackoffTest {
  private final Backoff backoff = new Backoff(Duration.ofMillis(500), Duration.ofSeconds(3));

  @Test
  void pausesDoubleUpToTheLongest() {
    assertThat(Stream.generate(backoff::next).limit(6).map(Duration::toMillis))
        .containsExactly(500L, 1000L, 2000L, 3000L, 3000L, 3000L);
  }

  @Test
  void somethingElseBeginsWithTheFirstPause() {
    backoff.next();
    backoff.next();
    backoff.reset();
    assertThat(backoff.next()).isEqualTo(Duration.ofMillis(500));
    assertThat(backoff.next()).isEqualTo(Duration.ofSeconds(1));
  }
}
