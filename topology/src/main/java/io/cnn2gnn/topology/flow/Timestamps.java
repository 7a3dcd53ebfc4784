package io.cnn2gnn.topology.flow;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;

/**
 * What is made of a record's timestamp. Its producer chose it, or left it out (-1), or has a clock
 * that is wrong or counts in another unit: an answer that took over such a time would be over its
 * topic's retention at once, or never.
 */
public final class Timestamps {
  /** Seconds instead of milliseconds, and what is no time at all, fall into 1970. */
  private static final long EARLIEST = Instant.parse("1971-01-01T00:00:00Z").toEpochMilli();

  /** Brokers refuse, unless told otherwise, what lies further ahead. */
  private static final long MOST_AHEAD = Duration.ofHours(1).toMillis();

  /** What a record said, where that was no time. A writer who sets it says it so. */
  private static final String SAID = "cnn2gnn.timestamp";

  private Timestamps() {}

  /** Whether a record can be of that time. */
  public static boolean isTime(long timestamp, long now) {
    return timestamp >= EARLIEST && timestamp <= now + MOST_AHEAD;
  }

  /** The time of an answer to a record: the record's, or else now; never one that is to come. */
  public static long answer(long timestamp, long now) {
    return isTime(timestamp, now) ? Math.min(timestamp, now) : now;
  }

  /**
   * The time that a record has in Kafka Streams, which stops at negative ones. A record whose
   * timestamp is no time has that of now, and what it said as a header, for {@link #said}.
   */
  public static long extract(ConsumerRecord<?, ?> record, long now) {
    if (isTime(record.timestamp(), now)) {
      return record.timestamp();
    }
    record.headers().remove(SAID);
    record.headers().add(SAID, ByteBuffer.allocate(Long.BYTES).putLong(record.timestamp()).array());
    return now;
  }

  /**
   * What a record said, the same whenever it is read; of headers that {@link #extract} has added
   * one to, that one is gone then.
   */
  static long said(long timestamp, Headers headers) {
    Header said = headers.lastHeader(SAID);
    if (said == null || said.value() == null || said.value().length != Long.BYTES) {
      return timestamp;
    }
    headers.remove(SAID);
    return ByteBuffer.wrap(said.value()).getLong();
  }
}
