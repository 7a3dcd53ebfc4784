package io.cnn2gnn.training.fit;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

class ScheduleTest {
  private static void refuses(ThrowingCallable made, String message) {
    assertThatThrownBy(made).isInstanceOf(IllegalArgumentException.class).hasMessage(message);
  }

  @Test
  void whatIsOutOfRangeIsNamedWithItsValue() {
    refuses(() -> new Schedule(0, 2, 1, 0, 0), "epochs must be at least 1: 0");
    refuses(() -> new Schedule(1, 1, 1, 0, 0), "a batch must have at least 2 images: 1");
    refuses(() -> new Schedule(1, 2, 0, 0, 0), "the learning rate must be above 0: 0.0");
    refuses(() -> new Schedule(1, 2, 1, -1, 0), "the weight decay must not be negative: -1.0");
    refuses(() -> new Schedule(1, 2, 1, 0, -1), "patience must not be negative: -1");
  }
}
