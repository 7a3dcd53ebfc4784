package io.cnn2gnn.topology.status;

import io.cnn2gnn.topology.deadletter.DeadLetters;
import io.cnn2gnn.topology.scan.Partitions;
import io.cnn2gnn.topology.scan.RangeScan;
import io.cnn2gnn.topology.scan.RangeScan.Range;
import io.cnn2gnn.topology.status.ServiceStatus.DeadLetter;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;

/**
 * Counts the dead letters of records of the last hour. A letter has the timestamp of what it is of,
 * and its bytes; so many bytes are read at most.
 */
final class RecentDeadLetters {
  private static final Duration LATE = Duration.ofHours(1);
  private static final long MOST_BYTES = 32L << 20;

  private final Instant since;
  private final Map<String, Integer> reasons = new TreeMap<>();
  private Optional<ConsumerRecord<byte[], byte[]>> newest = Optional.empty();
  private long bytes;
  private boolean isAll = true;

  private RecentDeadLetters(Instant since) {
    this.since = since;
  }

  static ServiceStatus.DeadLetters of(
      Consumer<byte[], byte[]> consumer, String topic, Instant now) {
    RecentDeadLetters recent = new RecentDeadLetters(now.minus(LATE));
    recent.read(consumer, topic);
    return new ServiceStatus.DeadLetters(
        recent.since,
        recent.reasons,
        recent.isAll,
        // They are read from the oldest on.
        recent.newest.filter(letter -> recent.isAll).map(RecentDeadLetters::letter));
  }

  private void read(Consumer<byte[], byte[]> consumer, String topic) {
    Map<TopicPartition, Long> times =
        Partitions.of(consumer, topic).stream()
            .collect(Collectors.toMap(Function.identity(), p -> since.toEpochMilli()));
    Map<TopicPartition, OffsetAndTimestamp> begins = consumer.offsetsForTimes(times);
    Map<TopicPartition, Range> ranges = new HashMap<>();
    consumer
        .endOffsets(times.keySet())
        .forEach(
            (partition, end) ->
                // Those before it are all older.
                Optional.ofNullable(begins.get(partition))
                    .ifPresent(begin -> ranges.put(partition, new Range(begin.offset(), end))));
    RangeScan.run(consumer, ranges, this::take);
  }

  private boolean take(ConsumerRecord<byte[], byte[]> record) {
    if (bytes >= MOST_BYTES) {
      isAll = false;
      return false;
    }
    bytes += Math.max(0, record.serializedKeySize()) + Math.max(0, record.serializedValueSize());
    if (record.timestamp() >= since.toEpochMilli()) {
      reasons.merge(header(record, DeadLetters.REASON), 1, Integer::sum);
      if (newest.isEmpty() || newest.get().timestamp() <= record.timestamp()) {
        newest = Optional.of(record);
      }
    }
    return true;
  }

  private static DeadLetter letter(ConsumerRecord<byte[], byte[]> record) {
    return new DeadLetter(
        "%s-%d@%d".formatted(record.topic(), record.partition(), record.offset()),
        "%s-%s@%s"
            .formatted(
                header(record, DeadLetters.TOPIC),
                header(record, DeadLetters.PARTITION),
                header(record, DeadLetters.OFFSET)),
        Instant.ofEpochMilli(record.timestamp()),
        header(record, DeadLetters.REASON),
        header(record, DeadLetters.MESSAGE));
  }

  private static String header(ConsumerRecord<byte[], byte[]> record, String name) {
    Header header = record.headers().lastHeader(name);
    return header == null || header.value() == null
        ? "?"
        : new String(header.value(), StandardCharsets.UTF_8);
  }
}
