package io.cnn2gnn.topology.batching;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

class OpenBatchesTest {
  private static final String CHANGELOG = "app-pending-changelog";

  private static ConsumerRecord<byte[], byte[]> row(
      int partition, long offset, String key, byte[] value) {
    return new ConsumerRecord<>(
        CHANGELOG, partition, offset, key.getBytes(StandardCharsets.UTF_8), value);
  }

  @Test
  void countsWhatTheLastStateOfEachPartitionLeftOpen() {
    MockConsumer<byte[], byte[]> consumer = new MockConsumer<>("earliest");
    TopicPartition zero = new TopicPartition(CHANGELOG, 0);
    TopicPartition one = new TopicPartition(CHANGELOG, 1);
    consumer.updatePartitions(
        CHANGELOG,
        List.of(
            new PartitionInfo(CHANGELOG, 0, null, null, null),
            new PartitionInfo(CHANGELOG, 1, null, null, null)));
    consumer.updateBeginningOffsets(Map.of(zero, 0L, one, 0L));
    consumer.updateEndOffsets(Map.of(zero, 3L, one, 3L));
    consumer.schedulePollTask(
        () -> {
          consumer.addRecord(row(0, 0, "open", PendingOffsets.encode(List.of(5L, 6L))));
          consumer.addRecord(row(0, 1, "open", PendingOffsets.encode(List.of(5L, 6L, 7L))));
          consumer.addRecord(row(0, 2, "last", new byte[] {1}));
        });
    consumer.schedulePollTask(
        () -> {
          consumer.addRecord(row(1, 0, "open", PendingOffsets.encode(List.of(2L))));
          consumer.addRecord(row(1, 1, "last", new byte[] {1}));
          consumer.addRecord(row(1, 2, "open", null));
        });
    assertThat(OpenBatches.count(consumer, CHANGELOG)).isEqualTo(3);
  }
}
