package io.cnn2gnn.topology.consumer;

import java.nio.ByteBuffer;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.serialization.Deserializer;

/**
 * Bytes of keys and values, up to so many for each poll. Kafka bounds a poll by records and a fetch
 * by the bytes that travel; a compressed batch of 49 kB can hold records of a gigabyte. A consumer
 * whose deserializer fails ends its poll with the records before that one, and begins the next with
 * it; so the first record of a poll must never fail, neither by its key nor by its value.
 */
final class ByteMeter {
  private final Deserializer<byte[]> bytes;
  private final long most;
  private long sum;

  /** Records that have begun, the one whose key was read last among them. */
  private int records;

  private boolean hasKey;

  /**
   * Counts what another one reads.
   *
   * @param most of a poll
   */
  ByteMeter(Deserializer<byte[]> bytes, long most) {
    this.bytes = bytes;
    this.most = most;
  }

  /** A poll begins; its first record is taken whatever its size. */
  void reset() {
    sum = 0;
    records = 0;
    hasKey = false;
  }

  /** Reads keys, which come before their values. */
  Deserializer<byte[]> keys() {
    return new Part(true);
  }

  /** Reads values. */
  Deserializer<byte[]> values() {
    return new Part(false);
  }

  private void count(boolean isKey, int length) {
    boolean begins = isKey || !hasKey;
    int before = begins ? records : records - 1;
    if (before > 0 && sum + length > most) {
      throw new SerializationException("this poll has brought its share of bytes");
    }
    records = before + 1;
    hasKey = isKey;
    sum += length;
  }

  private final class Part implements Deserializer<byte[]> {
    private final boolean isKey;

    Part(boolean isKey) {
      this.isKey = isKey;
    }

    @Override
    public byte[] deserialize(String topic, byte[] data) {
      throw new UnsupportedOperationException("consumers give buffers");
    }

    @Override
    public byte[] deserialize(String topic, Headers headers, ByteBuffer data) {
      if (data == null) {
        return null;
      }
      count(isKey, data.remaining());
      return bytes.deserialize(topic, headers, data);
    }
  }
}
