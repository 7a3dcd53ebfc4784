package io.cnn2gnn.benchmarks.buffers;

import java.nio.ByteBuffer;
import org.apache.kafka.streams.processor.api.Record;

/** The output records: as small as a label, so that the buffer is what costs. */
final class Answer {
  private static final byte[] ANSWERED = {0};
  private static final byte[] LOST = {1};

  private Answer() {}

  static Record<byte[], byte[]> of(Held image) {
    return new Record<>(image.key(), ANSWERED, image.timestamp());
  }

  /** The key is the offset: with the record its own key is gone. */
  static Record<byte[], byte[]> lost(long offset, long timestamp) {
    return new Record<>(key(offset), LOST, timestamp);
  }

  static boolean isLost(byte[] value) {
    return value[0] == LOST[0];
  }

  static byte[] key(long id) {
    return ByteBuffer.allocate(Long.BYTES).putLong(id).array();
  }

  static long id(byte[] key) {
    return ByteBuffer.wrap(key).getLong();
  }
}
