package io.cnn2gnn.topology.flow;

import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.processor.api.RecordMetadata;

/**
 * An input record as it was read, with its coordinates: what a dead letter must be able to show and
 * what is read again after a restart. Key and value are absent where the record had none.
 *
 * @param timestamp as the record says it, which may be no time: {@link Timestamps}
 */
public record Source(
    String topic,
    int partition,
    long offset,
    long timestamp,
    Optional<byte[]> key,
    Optional<byte[]> value,
    Headers headers) {
  private static final byte[] NONE = {};

  /** A record as a consumer gives it. */
  public static Source of(ConsumerRecord<byte[], byte[]> record) {
    return new Source(
        record.topic(),
        record.partition(),
        record.offset(),
        Timestamps.said(record.timestamp(), record.headers()),
        Optional.ofNullable(record.key()),
        Optional.ofNullable(record.value()),
        record.headers());
  }

  /** A record as Kafka Streams gives it. */
  public static Source of(RecordMetadata at, Record<byte[], byte[]> record) {
    return new Source(
        at.topic(),
        at.partition(),
        at.offset(),
        Timestamps.said(record.timestamp(), record.headers()),
        Optional.ofNullable(record.key()),
        Optional.ofNullable(record.value()),
        record.headers());
  }

  /** Bytes of key, value and headers. */
  public long bytes() {
    return bytes(key.orElse(NONE), value.orElse(NONE), headers);
  }

  /** The same of a record's parts. */
  public static long bytes(byte[] key, byte[] value, Headers headers) {
    long sum = (long) key.length + value.length;
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
