package io.cnn2gnn.topology.consumer;

import io.cnn2gnn.topology.flow.Source;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;

/**
 * What the topology gets in place of a record that this heap is too small for: its coordinates and
 * no bytes, so that it is answered by a dead letter like any other.
 */
public final class StandIn {
  /** A writer who sets it gets the dead letter that it stands for. */
  private static final String HEADER = "cnn2gnn.unreadable";

  private StandIn() {}

  /** One for the record at these coordinates. */
  public static ConsumerRecord<byte[], byte[]> of(TopicPartition at, long offset) {
    return new ConsumerRecord<>(
        at.topic(),
        at.partition(),
        offset,
        // The same each time, for records are told by it, too.
        ConsumerRecord.NO_TIMESTAMP,
        TimestampType.NO_TIMESTAMP_TYPE,
        ConsumerRecord.NULL_SIZE,
        ConsumerRecord.NULL_SIZE,
        null,
        null,
        mark(
            new RecordHeaders(),
            "the heap is too small for it, or for a record before it in its compressed batch; it was"
                + " tried twice"),
        Optional.empty());
  }

  /** Marks a record as one that cannot be read. */
  public static Headers mark(Headers headers, String why) {
    return headers.add(HEADER, why.getBytes(StandardCharsets.UTF_8));
  }

  /** Why a record could not be read; empty if it is one that could. */
  public static Optional<String> reason(Source source) {
    Header header = source.headers().lastHeader(HEADER);
    return Optional.ofNullable(header)
        .map(h -> h.value() == null ? "" : new String(h.value(), StandardCharsets.UTF_8));
  }
}
