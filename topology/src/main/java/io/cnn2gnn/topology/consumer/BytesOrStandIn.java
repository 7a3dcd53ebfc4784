package io.cnn2gnn.topology.consumer;

import java.nio.ByteBuffer;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.serialization.Deserializer;

/**
 * Bytes as they are, but for those of a record that is far larger than any that is answered: they
 * are left where they are, and the record is marked as unreadable. To copy them, or to tell their
 * hash, would cost its neighbours the time.
 */
final class BytesOrStandIn implements Deserializer<byte[]> {
  private final long most;

  BytesOrStandIn(long most) {
    this.most = most;
  }

  @Override
  public byte[] deserialize(String topic, byte[] data) {
    return data;
  }

  @Override
  public byte[] deserialize(String topic, Headers headers, ByteBuffer data) {
    if (data == null) {
      return null;
    }
    if (data.remaining() > most) {
      StandIn.mark(
          headers,
          "it has %d bytes, of which no more than %d are taken up"
              .formatted(data.remaining(), most));
      return new byte[0];
    }
    byte[] bytes = new byte[data.remaining()];
    data.duplicate().get(bytes);
    return bytes;
  }
}
