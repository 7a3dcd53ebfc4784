package io.cnn2gnn.topology.status;

import io.cnn2gnn.topology.backlog.GroupOffsets;
import io.cnn2gnn.topology.scan.Partitions;
import io.cnn2gnn.topology.scan.RangeScan;
import io.cnn2gnn.topology.scan.RangeScan.Range;
import io.cnn2gnn.topology.status.ServiceStatus.Labels;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.TopicPartition;

/** Counts labels that nothing has become of: by the group's offsets, and by a changelog. */
final class OpenLabels {
  /** A label is some hundred bytes. */
  private static final long MOST_RECORDS = 200_000;

  private OpenLabels() {}

  /**
   * Counts them.
   *
   * @param group the offsets of the service
   * @param labels the topic that it reads
   * @param changelog of the store of those that wait
   */
  static Labels of(
      GroupOffsets group, Consumer<byte[], byte[]> consumer, String labels, String changelog)
      throws ExecutionException, InterruptedException {
    Map<TopicPartition, Long> committed = group.read();
    long unread = 0;
    for (Map.Entry<TopicPartition, Range> held :
        Partitions.held(consumer, Partitions.of(consumer, labels)).entrySet()) {
      Range all = held.getValue();
      long from = Math.max(all.from(), committed.getOrDefault(held.getKey(), 0L));
      unread += new Range(from, all.to()).size();
    }
    return new Labels(unread, waiting(consumer, changelog));
  }

  private static OptionalLong waiting(Consumer<byte[], byte[]> consumer, String changelog) {
    Map<TopicPartition, Range> held = Partitions.held(consumer, Partitions.of(consumer, changelog));
    // Of the offsets of a compacted topic few may have a record.
    AtomicLong read = new AtomicLong();
    // A key is a label's; without a value it waits no longer.
    Map<Integer, Set<ByteBuffer>> keys = new HashMap<>();
    RangeScan.run(
        consumer,
        held,
        record -> {
          if (read.incrementAndGet() > MOST_RECORDS) {
            return false;
          }
          Set<ByteBuffer> ofPartition =
              keys.computeIfAbsent(record.partition(), p -> new HashSet<>());
          ByteBuffer key = ByteBuffer.wrap(record.key());
          if (record.value() == null) {
            ofPartition.remove(key);
          } else {
            ofPartition.add(key);
          }
          return true;
        });
    if (read.get() > MOST_RECORDS) {
      return OptionalLong.empty();
    }
    return OptionalLong.of(keys.values().stream().mapToLong(Set::size).sum());
  }
}
