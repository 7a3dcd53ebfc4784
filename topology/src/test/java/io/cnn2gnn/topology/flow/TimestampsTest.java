package io.cnn2gnn.topology.flow;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TimestampsTest {
  private static final long NOW = 1_795_418_100_000L;
  private static final long HOUR = Duration.ofHours(1).toMillis();

  private static ConsumerRecord<byte[], byte[]> record(long timestamp) {
    return new ConsumerRecord<>(
        "images",
        0,
        7,
        timestamp,
        TimestampType.CREATE_TIME,
        1,
        1,
        new byte[] {1},
        new byte[] {2},
        new RecordHeaders().add("lens", new byte[] {3}),
        Optional.empty());
  }

  /** None, none of Kafka's, the epoch, seconds, microseconds, nanoseconds, and a clock ahead. */
  @ParameterizedTest
  @ValueSource(
      longs = {
        -1,
        Long.MIN_VALUE,
        0,
        1,
        1_763_882_100,
        NOW + 2 * 3_600_000L,
        1_763_882_100_000_000L,
        Long.MAX_VALUE
      })
  void whatIsNoTimeBecomesNowAndWhatWasSaidIsRememberedAsItWas(long said) {
    ConsumerRecord<byte[], byte[]> record = record(said);
    assertThat(Timestamps.extract(record, NOW)).isEqualTo(NOW);
    // Asked again, as after a rebalance.
    assertThat(Timestamps.extract(record, NOW + 5)).isEqualTo(NOW + 5);
    Source processed = Source.of(record);
    assertThat(processed.timestamp()).isEqualTo(said);
    assertThat(processed.headers().toArray()).hasSize(1);
    assertThat(Source.of(record(said)).timestamp()).as("read again").isEqualTo(said);
    assertThat(Timestamps.answer(said, NOW)).isEqualTo(NOW);
    assertThat(Timestamps.isTime(said, NOW)).isFalse();
  }

  @ParameterizedTest
  @ValueSource(longs = {NOW, NOW - 1, NOW - 365L * 86_400_000, 31_536_000_000L})
  void aTimeOfThePastIsBelieved(long said) {
    ConsumerRecord<byte[], byte[]> record = record(said);
    assertThat(Timestamps.extract(record, NOW)).isEqualTo(said);
    assertThat(record.headers().toArray()).hasSize(1);
    assertThat(Timestamps.answer(said, NOW)).isEqualTo(said);
  }

  @Test
  void anAnswerIsNeverAhead() {
    assertThat(Timestamps.extract(record(NOW + HOUR), NOW)).isEqualTo(NOW + HOUR);
    assertThat(Timestamps.answer(NOW + HOUR, NOW)).isEqualTo(NOW);
  }

  @Test
  void aHeaderOfTheWritersOwnIsTheSameWheneverItIsRead() {
    for (byte[] own : new byte[][] {null, {}, {1, 2}, {0, 0, 0, 0, 0, 0, 0, 9}}) {
      ConsumerRecord<byte[], byte[]> processed = record(NOW);
      processed.headers().add("cnn2gnn.timestamp", own);
      assertThat(Timestamps.extract(processed, NOW)).isEqualTo(NOW);
      ConsumerRecord<byte[], byte[]> again = record(NOW);
      again.headers().add("cnn2gnn.timestamp", own);
      assertThat(Source.of(processed).timestamp()).isEqualTo(Source.of(again).timestamp());
    }
  }
}
