package io.cnn2gnn.topology.scan;

import io.cnn2gnn.topology.scan.RangeScan.Range;
import io.cnn2gnn.topology.scan.RangeScan.Taker;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;

/**
 * Reads partitions from their ends back until enough was seen, in windows of offsets that grow. A
 * topic is as large as it is; what stands at its end is found at once.
 */
public final class TailScan {
  private static final long FIRST = 16;
  private static final int GROWTH = 8;

  private TailScan() {}

  /**
   * Reads back.
   *
   * @param consumer of committed records, in no group; is assigned nothing afterwards
   * @param most offsets of a partition that are looked at
   * @param taker gets the records of a partition newest first
   * @throws org.apache.kafka.common.errors.TimeoutException if the broker gives nothing for half a
   *     minute
   */
  public static void run(
      Consumer<byte[], byte[]> consumer,
      Collection<TopicPartition> partitions,
      long most,
      Taker taker) {
    Map<TopicPartition, Range> left = last(Partitions.held(consumer, partitions), most);
    for (long window = FIRST; !left.isEmpty(); window *= GROWTH) {
      Map<TopicPartition, Range> windows = last(left, window);
      Map<TopicPartition, List<ConsumerRecord<byte[], byte[]>>> read = read(consumer, windows);
      for (Map.Entry<TopicPartition, Range> each : windows.entrySet()) {
        TopicPartition partition = each.getKey();
        Range before = new Range(left.get(partition).from(), each.getValue().from());
        left.put(partition, before);
        List<ConsumerRecord<byte[], byte[]>> records = read.getOrDefault(partition, List.of());
        Collections.reverse(records);
        Optional<ConsumerRecord<byte[], byte[]>> enough =
            records.stream().filter(record -> !taker.take(record)).findFirst();
        if (enough.isPresent() || before.size() == 0) {
          left.remove(partition);
        }
      }
    }
  }

  /** The ends of ranges, of so many offsets at most. */
  private static Map<TopicPartition, Range> last(Map<TopicPartition, Range> ranges, long most) {
    Map<TopicPartition, Range> last = new HashMap<>();
    ranges.forEach(
        (partition, range) ->
            last.put(partition, new Range(range.to() - Math.min(range.size(), most), range.to())));
    return last;
  }

  private static Map<TopicPartition, List<ConsumerRecord<byte[], byte[]>>> read(
      Consumer<byte[], byte[]> consumer, Map<TopicPartition, Range> windows) {
    Map<TopicPartition, List<ConsumerRecord<byte[], byte[]>>> read = new HashMap<>();
    RangeScan.run(
        consumer,
        windows,
        record ->
            read.computeIfAbsent(
                    new TopicPartition(record.topic(), record.partition()), p -> new ArrayList<>())
                .add(record));
    return read;
  }
}
