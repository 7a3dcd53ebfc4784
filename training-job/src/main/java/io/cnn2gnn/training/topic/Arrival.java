package io.cnn2gnn.training.topic;

import java.util.Comparator;
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

  static Arrival of(ConsumerRecord<?, ?> record) {
    return new Arrival(record.timestamp(), record.partition(), record.offset());
  }

  @Override
  public int compareTo(Arrival other) {
    return ORDER.compare(this, other);
  }
}
