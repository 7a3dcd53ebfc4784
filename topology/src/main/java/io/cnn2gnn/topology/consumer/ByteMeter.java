package io.cnn2gnn.topology.consumer;

import java.nio.ByteBuffer;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.serialization.Deserializer;

/**
 * Bytes as they are, up to so many for each poll. Kafka bounds a poll by records and a fetch by the
 * bytes that travel; a compressed batch of 49 kB can hold records of a gigabyte. A consumer whose
 * deserializer fails ends its poll with the records before that one, and begins the next with it.
 */
final class ByteMeter implements Deserializer<byte[]> {
  private final Deserializer<byte[]> bytes;
  private final long most;
  private long sum;

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
    if (sum > 0 && sum + data.remaining() > most) {
      throw new SerializationException("this poll has brought its share of bytes");
    }
    sum += data.remaining();
    return bytes.deserialize(topic, headers, data);
  }
}
