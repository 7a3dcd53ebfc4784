package io.cnn2gnn.topology.app;

import io.cnn2gnn.topology.flow.Timestamps;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.streams.processor.TimestampExtractor;

/**
 * A record's own time, or now where it has none that can be true. Streams' extractors die of a
 * partition whose first record has no timestamp, and again after each restart.
 */
public final class RecordTime implements TimestampExtractor {
  @Override
  public long extract(ConsumerRecord<Object, Object> record, long partitionTime) {
    return Timestamps.extract(record, System.currentTimeMillis());
  }
}
