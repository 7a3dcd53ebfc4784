package io.cnn2gnn.training.topic;

import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * When a record came to its topic. Between partitions only time tells which record came later.
 *
 * @param timestamp of the record
 * @param partition where it is
 * @param offset in the partition
 */
record Arrival(long timestamp, int partition, long offset) implements Comparable<Arrival> {
  private static final Comparator<Arrival> ORDER =
      Comparator.comparingLong(Arrival::timestamp)
          .thenComparingInt(Arrival::partition)
          .thenComparingLong(Arrival::offset);

  /** Arrivals of one reading, which takes the records of each partition in their order. */
  static final class Clock {
    private final Map<Integer, Long> latest = new HashMap<>();

    /** A record that does not say its time has come with the latest one before it. */
    Arrival of(ConsumerRecord<?, ?> record) {
      long before = latest.merge(record.partition(), record.timestamp(), Math::max);
      long timestamp = record.timestamp() < 0 ? before : record.timestamp();
      return new Arrival(timestamp, record.partition(), record.offset());
    }
  }

  @Override
  public int compareTo(Arrival other) {
    return ORDER.compare(this, other);
  }
}
