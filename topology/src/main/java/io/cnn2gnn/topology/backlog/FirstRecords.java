package io.cnn2gnn.topology.backlog;

import io.cnn2gnn.topology.flow.Source;
import io.cnn2gnn.topology.input.Mark;
import io.cnn2gnn.topology.scan.RangeScan;
import io.cnn2gnn.topology.scan.RangeScan.Range;
import java.util.HashMap;
import java.util.Map;
import java.util.function.BiConsumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;

/**
 * Finds the first record of each of some ranges of the images topic. Whoever sends images decides
 * how large a record becomes when it is taken out of a compressed batch: one that the heap is too
 * small for costs no other.
 */
final class FirstRecords {
  private final OneConsumer consumer;
  private final BiConsumer<String, OutOfMemoryError> tooLarge;

  /**
   * Reads with a consumer that it may open anew.
   *
   * @param tooLarge hears of what the heap is too small for
   */
  FirstRecords(OneConsumer consumer, BiConsumer<String, OutOfMemoryError> tooLarge) {
    this.consumer = consumer;
    this.tooLarge = tooLarge;
  }

  /** What was found. */
  sealed interface First {
    /** Of a record, without its bytes: there may be one for each of many partitions. */
    record Read(long offset, long timestamp, Mark mark) implements First {
      private static Read of(ConsumerRecord<byte[], byte[]> record) {
        return new Read(record.offset(), record.timestamp(), Mark.of(Source.of(record)));
      }
    }

    /** One that the heap is too small for. */
    record TooLarge() implements First {}
  }

  /** The first records by their partitions; ranges without any are left out. */
  Map<TopicPartition, First> of(Map<TopicPartition, Range> ranges) {
    Map<TopicPartition, First> found = new HashMap<>();
    find(ranges, found);
    return found;
  }

  private void find(Map<TopicPartition, Range> ranges, Map<TopicPartition, First> found) {
    try {
      RangeScan.run(
          consumer.get(),
          ranges,
          record -> {
            found.put(
                new TopicPartition(record.topic(), record.partition()), First.Read.of(record));
            return false;
          });
    } catch (OutOfMemoryError e) {
      consumer.close();
      tooLarge.accept("the first unanswered record of one of " + ranges.keySet(), e);
      Map<TopicPartition, Range> left = new HashMap<>(ranges);
      left.keySet().removeAll(found.keySet());
      findApart(left, found);
    }
  }

  /** One of them is too large: each half for itself, down to that one. */
  private void findApart(Map<TopicPartition, Range> ranges, Map<TopicPartition, First> found) {
    if (ranges.size() == 1) {
      found.put(ranges.keySet().iterator().next(), new First.TooLarge());
      return;
    }
    Map<TopicPartition, Range> half = new HashMap<>();
    Map<TopicPartition, Range> other = new HashMap<>();
    ranges.forEach((p, range) -> (half.size() < ranges.size() / 2 ? half : other).put(p, range));
    find(half, found);
    find(other, found);
  }
}
