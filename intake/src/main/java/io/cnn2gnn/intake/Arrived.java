package io.cnn2gnn.intake;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Headers;

/**
 * A record of the images topic as it came.
 *
 * @param timestamp milliseconds; below 0 where it has none
 * @param value empty where it has none
 */
public record Arrived(
    String topic, int partition, long offset, long timestamp, Headers headers, byte[] value) {
  /**
   * The header of a record that was taken over from another topic: {@code topic-partition@offset}
   * there.
   */
  public static final String FROM = "cnn2gnn.from";

  /** As a consumer got it. */
  public static Arrived of(ConsumerRecord<byte[], byte[]> record) {
    byte[] value = record.value() == null ? new byte[0] : record.value();
    return new Arrived(
        record.topic(),
        record.partition(),
        record.offset(),
        record.timestamp(),
        record.headers(),
        value);
  }
}
