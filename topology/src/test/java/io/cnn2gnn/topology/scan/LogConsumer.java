package io.cnn2gnn.topology.scan;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;

/** A consumer of logs in memory, which may be read again, and have offsets without records. */
public final class LogConsumer extends MockConsumer<byte[], byte[]> {
  /** The time at offset 0; each further one is a second later. */
  public static final long BEGIN = 1_700_000_000_000L;

  private final Map<TopicPartition, TreeMap<Long, ConsumerRecord<byte[], byte[]>>> logs =
      new TreeMap<>(Comparator.comparing(TopicPartition::toString));
  private final List<ConsumerRecord<byte[], byte[]>> given = new ArrayList<>();
  private Optional<TopicPartition> tooLarge = Optional.empty();

  public LogConsumer() {
    super("earliest");
  }

  /** Makes a partition that holds these offsets, without records yet. */
  public LogConsumer partition(String topic, int partition, long begin, long end) {
    TopicPartition at = new TopicPartition(topic, partition);
    logs.put(at, new TreeMap<>());
    updateBeginningOffsets(Map.of(at, begin));
    updateEndOffsets(Map.of(at, end));
    updatePartitions(
        topic,
        logs.keySet().stream()
            .filter(p -> p.topic().equals(topic))
            .map(p -> new PartitionInfo(topic, p.partition(), null, null, null))
            .toList());
    return this;
  }

  /** Puts a record where it stands. */
  public LogConsumer put(String topic, int partition, long offset, String key, byte[] value) {
    return put(topic, partition, offset, BEGIN + 1_000 * offset, key, value);
  }

  /** Likewise, with a time. */
  public LogConsumer put(
      String topic, int partition, long offset, long timestamp, String key, byte[] value) {
    logs.get(new TopicPartition(topic, partition))
        .put(
            offset,
            new ConsumerRecord<>(
                topic,
                partition,
                offset,
                timestamp,
                TimestampType.CREATE_TIME,
                key.length(),
                value == null ? -1 : value.length,
                key.getBytes(StandardCharsets.UTF_8),
                value,
                new RecordHeaders(),
                Optional.empty()));
    return this;
  }

  /** The headers of a record that was put. */
  public Headers headers(String topic, int partition, long offset) {
    return logs.get(new TopicPartition(topic, partition)).get(offset).headers();
  }

  /** From now on the heap is too small for what a partition has. */
  public void tooLarge(TopicPartition partition) {
    tooLarge = Optional.of(partition);
  }

  /** All records that were given out, in order. */
  public List<ConsumerRecord<byte[], byte[]>> given() {
    return given;
  }

  @Override
  public synchronized ConsumerRecords<byte[], byte[]> poll(Duration timeout) {
    if (tooLarge.filter(assignment()::contains).isPresent()) {
      throw new OutOfMemoryError("Java heap space");
    }
    for (TopicPartition at : assignment()) {
      if (!paused().contains(at)) {
        long position = position(at);
        Map<Long, ConsumerRecord<byte[], byte[]>> rest = logs.get(at).tailMap(position);
        rest.values().forEach(this::addRecord);
        if (rest.isEmpty()) {
          // As over the ends of transactions.
          seek(at, Math.max(position, endOffsets(List.of(at)).get(at)));
        }
      }
    }
    ConsumerRecords<byte[], byte[]> polled = super.poll(timeout);
    polled.forEach(given::add);
    return polled;
  }

  @Override
  public synchronized Map<TopicPartition, OffsetAndTimestamp> offsetsForTimes(
      Map<TopicPartition, Long> times) {
    Map<TopicPartition, OffsetAndTimestamp> found = new HashMap<>();
    times.forEach(
        (at, time) ->
            logs.get(at).values().stream()
                .filter(record -> record.timestamp() >= time)
                .findFirst()
                .ifPresent(
                    record ->
                        found.put(
                            at, new OffsetAndTimestamp(record.offset(), record.timestamp()))));
    return found;
  }

  /** As a consumer of a broker, what is assigned anew is not paused. */
  @Override
  public synchronized void unsubscribe() {
    resume(paused());
    super.unsubscribe();
  }

  /** It is given out again. */
  @Override
  public synchronized void close() {}
}
