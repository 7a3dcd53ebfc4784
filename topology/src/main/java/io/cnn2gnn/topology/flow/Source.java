package io.cnn2gnn.topology.flow;

import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;

/**
 * An input record as it was read, with its coordinates: what a dead letter must be able to show and
 * what is read again after a restart. Key and value are absent where the record had none.
 */
public record Source(
    String topic,
    int partition,
    long offset,
    long timestamp,
    Optional<byte[]> key,
    Optional<byte[]> value,
    Headers headers) {

  /** Of a record that a consumer has read. */
  public static Source of(ConsumerRecord<byte[], byte[]> record) {
    return new Source(
        record.topic(),
        record.partition(),
        record.offset(),
        Math.max(0, record.timestamp()),
        Optional.ofNullable(record.key()),
        Optional.ofNullable(record.value()),
        record.headers());
  }

  /** Bytes of key, value and headers. */
  public long bytes() {
    long sum = key.map(k -> k.length).orElse(0) + (long) value.map(v -> v.length).orElse(0);
    for (Header header : headers) {
      sum += header.key().length() * 3L + (header.value() == null ? 0 : header.value().length);
    }
    return sum;
  }

  /** The coordinates as {@code topic-partition@offset}. */
  public String coordinates() {
    return topic + "-" + partition + "@" + offset;
  }
}
