package io.cnn2gnn.topology.scan;

import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;

/** Reads ranges of partitions side by side, each in its order and no further than is wanted. */
public final class RangeScan {
  /** Without anything new for so long, a broker is taken to be away. */
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private static final Duration POLL = Duration.ofMillis(100);

  private RangeScan() {}

  /**
   * A part of a partition.
   *
   * @param from the first offset
   * @param to the first one behind it
   */
  public record Range(long from, long to) {
    /** Offsets in it, of which not each need have a record. */
    public long size() {
      return Math.max(0, to - from);
    }
  }

  /** Hears of records. */
  @FunctionalInterface
  public interface Taker {
    /** Takes a record; returns whether it wants more of the partition. */
    boolean take(ConsumerRecord<byte[], byte[]> record);
  }

  /**
   * Reads until of each range all is read, or no more is wanted.
   *
   * @param consumer of committed records, in no group; is assigned nothing afterwards
   * @throws TimeoutException if the broker gives nothing more for half a minute
   */
  public static void run(
      Consumer<byte[], byte[]> consumer, Map<TopicPartition, Range> ranges, Taker taker) {
    Map<TopicPartition, Range> open = new HashMap<>(ranges);
    open.values().removeIf(range -> range.size() == 0);
    consumer.assign(open.keySet());
    open.forEach((partition, range) -> consumer.seek(partition, range.from()));
    long last = -1;
    long moved = System.nanoTime();
    while (!open.isEmpty()) {
      ConsumerRecords<byte[], byte[]> polled = consumer.poll(POLL);
      Set<TopicPartition> done = take(polled, open, taker);
      // A position also passes what compaction, retention or an abort has left empty. To ask all of
      // them after each record would take long where there are many.
      Set<TopicPartition> asked = polled.isEmpty() ? open.keySet() : polled.partitions();
      long position = 0;
      for (TopicPartition partition : asked) {
        long at = consumer.position(partition);
        position += at;
        if (open.containsKey(partition) && at >= open.get(partition).to()) {
          done.add(partition);
        }
      }
      if (!polled.isEmpty() || !done.isEmpty() || position > last) {
        moved = System.nanoTime();
      } else if (System.nanoTime() - moved >= PATIENCE.toNanos()) {
        throw new TimeoutException(
            "%s and %d others brought nothing for %d s"
                .formatted(open.keySet().iterator().next(), open.size() - 1, PATIENCE.toSeconds()));
      }
      last = polled.isEmpty() && done.isEmpty() ? position : -1;
      consumer.pause(done);
      open.keySet().removeAll(done);
    }
    // What was fetched beyond is let go.
    consumer.unsubscribe();
  }

  private static Set<TopicPartition> take(
      ConsumerRecords<byte[], byte[]> polled, Map<TopicPartition, Range> open, Taker taker) {
    Set<TopicPartition> done = new HashSet<>();
    for (ConsumerRecord<byte[], byte[]> record : polled) {
      TopicPartition partition = new TopicPartition(record.topic(), record.partition());
      Range range = open.get(partition);
      if (range != null
          && !done.contains(partition)
          && (record.offset() >= range.to() || !taker.take(record))) {
        done.add(partition);
      }
    }
    return done;
  }
}
