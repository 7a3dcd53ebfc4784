package io.cnn2gnn.benchmarks.buffers;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.clients.consumer.internals.AutoOffsetResetStrategy;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;

/** An input topic of which the records of some offsets are still there. */
final class Input {
  static final String TOPIC = "run-images";
  static final int PARTITION = 0;

  private Input() {}

  /** The record at each offset is numbered by it. */
  static MockConsumer<byte[], byte[]> of(long begin, long end) {
    TopicPartition source = new TopicPartition(TOPIC, PARTITION);
    MockConsumer<byte[], byte[]> consumer =
        new MockConsumer<>(AutoOffsetResetStrategy.EARLIEST.name());
    consumer.updateBeginningOffsets(Map.of(source, begin));
    consumer.updateEndOffsets(Map.of(source, end));
    consumer.schedulePollTask(
        () -> {
          for (long offset = begin; offset < end; offset++) {
            consumer.addRecord(record(offset));
          }
        });
    return consumer;
  }

  private static ConsumerRecord<byte[], byte[]> record(long offset) {
    byte[] key = Answer.key(offset);
    byte[] value = value(offset);
    return new ConsumerRecord<>(
        TOPIC,
        PARTITION,
        offset,
        timestamp(offset),
        TimestampType.CREATE_TIME,
        key.length,
        value.length,
        key,
        value,
        new RecordHeaders(),
        Optional.empty());
  }

  static byte[] value(long offset) {
    return ("image " + offset).getBytes(StandardCharsets.UTF_8);
  }

  static long timestamp(long offset) {
    return 1_000 + offset;
  }
}
