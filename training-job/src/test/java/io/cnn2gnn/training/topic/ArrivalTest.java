package io.cnn2gnn.training.topic;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.junit.jupiter.api.Test;

class ArrivalTest {
  private final Arrival.Clock clock = new Arrival.Clock();

  private Arrival at(int partition, long offset, long timestamp) {
    return clock.of(
        new ConsumerRecord<>(
            "images",
            partition,
            offset,
            timestamp,
            TimestampType.CREATE_TIME,
            1,
            1,
            "key",
            "value",
            new RecordHeaders(),
            Optional.empty()));
  }

  @Test
  void aRecordWithoutATimeComesAfterThoseBeforeIt() {
    Arrival first = at(0, 0, 1_000);
    Arrival untimed = at(0, 1, -1);
    assertThat(untimed).isGreaterThan(first);
    assertThat(at(0, 2, -1)).isGreaterThan(untimed);
    assertThat(at(0, 3, 2_000)).isGreaterThan(untimed);
    assertThat(at(1, 0, 1_500)).as("of another partition").isGreaterThan(untimed);
  }

  @Test
  void aRecordThatSaysItsTimeIsTakenAtItsWord() {
    Arrival late = at(0, 0, 2_000);
    assertThat(at(0, 1, 1_000)).isLessThan(late);
  }
}
