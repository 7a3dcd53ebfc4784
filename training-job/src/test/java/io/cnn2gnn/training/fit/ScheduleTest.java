package io.cnn2gnn.training.fit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

class ScheduleTest {
  private static void refuses(ThrowingCallable made, String message) {
    assertThatThrownBy(made).isInstanceOf(IllegalArgumentException.class).hasMessage(message);
  }

  @Test
  void aNumberOfEpochsThatIsOpenGoesByTheSizeOfTheSet() {
    Schedule open = new Schedule(0, 2, 1, 0, 0);
    assertThat(open.decided(10_000, 600_000, 20, 80).epochs()).isEqualTo(60);
    assertThat(open.decided(60_000, 600_000, 20, 80).epochs()).isEqualTo(20);
    assertThat(open.decided(100, 600_000, 20, 80).epochs()).isEqualTo(80);
    assertThat(new Schedule(3, 2, 1, 0, 0).decided(100, 600_000, 20, 80).epochs()).isEqualTo(3);
  }

  @Test
  void whatIsOutOfRangeIsNamedWithItsValue() {
    refuses(() -> new Schedule(-1, 2, 1, 0, 0), "epochs must not be negative: -1");
    refuses(() -> new Schedule(1, 1, 1, 0, 0), "a batch must have at least 2 images: 1");
    refuses(() -> new Schedule(1, 2, 0, 0, 0), "the learning rate must be above 0: 0.0");
    refuses(() -> new Schedule(1, 2, 1, -1, 0), "the weight decay must not be negative: -1.0");
    refuses(() -> new Schedule(1, 2, 1, 0, -1), "patience must not be negative: -1");
  }
}
