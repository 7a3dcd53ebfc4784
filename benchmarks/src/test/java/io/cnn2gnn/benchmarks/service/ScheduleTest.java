package io.cnn2gnn.benchmarks.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class ScheduleTest {
  @Test
  void imagesAreEvenlySpacedFromTheStart() {
    Schedule schedule = Schedule.lasting(1000, 4, 2);
    assertThat(schedule.count()).isEqualTo(8);
    assertThat(schedule.due(0)).isEqualTo(1000);
    assertThat(schedule.due(1)).isEqualTo(1000 + 250_000_000L);
    assertThat(schedule.due(7)).isEqualTo(1000 + 1_750_000_000L);
  }

  @Test
  void noErrorAddsUpOverAnHour() {
    Schedule schedule = Schedule.lasting(0, 3333, 3600);
    assertThat(schedule.due(3333 * 3600)).isEqualTo(3_600_000_000_000L);
  }

  @Test
  void whatIsDueBeforeAMomentIsLeftOut() {
    Schedule schedule = Schedule.lasting(0, 10, 2);
    assertThat(schedule.firstAfter(0)).isZero();
    assertThat(schedule.firstAfter(0.55)).isEqualTo(6);
    assertThat(schedule.firstAfter(5)).isEqualTo(20);
  }

  @Test
  void aRateThatIsNoneIsRefused() {
    assertThatThrownBy(() -> Schedule.lasting(0, Double.NaN, 1))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> Schedule.lasting(0, 0, 1))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void aMetricIsFoundWithAndWithoutTags() {
    String metrics =
        """
        # HELP cnn2gnn_batch_inference_seconds Time to classify a batch
        cnn2gnn_batch_inference_seconds_count 12
        cnn2gnn_batch_inference_seconds_sum 0.5
        cnn2gnn_bank_rows{partition="0"} 2.0E3
        """;
    assertThat(Endpoints.value(metrics, "cnn2gnn_batch_inference_seconds_count")).hasValue(12);
    assertThat(Endpoints.value(metrics, "cnn2gnn_bank_rows")).hasValue(2000);
    assertThat(Endpoints.value(metrics, "cnn2gnn_bank")).isEmpty();
  }
}
