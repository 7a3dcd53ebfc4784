package io.cnn2gnn.topology.batching;

import io.cnn2gnn.topology.Source;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;

/**
 * The pending store's value: an input record whole, so that it outlives the model that decoded it.
 */
final class SourceCodec {
  private static final int VERSION = 1;
  private static final int ABSENT = -1;

  private SourceCodec() {}

  static byte[] encode(Source source) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      out.writeByte(VERSION);
      out.writeUTF(source.topic());
      out.writeInt(source.partition());
      out.writeLong(source.offset());
      out.writeLong(source.timestamp());
      write(out, source.key().orElse(null));
      write(out, source.value().orElse(null));
      Header[] headers = source.headers().toArray();
      out.writeInt(headers.length);
      for (Header header : headers) {
        write(out, header.key().getBytes(StandardCharsets.UTF_8));
        write(out, header.value());
      }
    } catch (IOException e) {
      throw new UncheckedIOException("writing to memory", e);
    }
    return bytes.toByteArray();
  }

  static Source decode(byte[] bytes) {
    try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
      int version = in.readByte();
      if (version != VERSION) {
        throw new IllegalStateException(
            "the pending store holds rows of version " + version + ", this build reads " + VERSION);
      }
      String topic = in.readUTF();
      int partition = in.readInt();
      long offset = in.readLong();
      long timestamp = in.readLong();
      Optional<byte[]> key = read(in);
      Optional<byte[]> value = read(in);
      Headers headers = new RecordHeaders();
      for (int count = in.readInt(); count > 0; count--) {
        // Not writeUTF: a header's name may be longer than its 65,535 bytes.
        String name = new String(read(in).orElseThrow(), StandardCharsets.UTF_8);
        headers.add(name, read(in).orElse(null));
      }
      return new Source(topic, partition, offset, timestamp, key, value, headers);
    } catch (IOException e) {
      throw new UncheckedIOException("the pending store holds a damaged row", e);
    }
  }

  private static void write(DataOutputStream out, byte[] bytes) throws IOException {
    if (bytes == null) {
      out.writeInt(ABSENT);
    } else {
      out.writeInt(bytes.length);
      out.write(bytes);
    }
  }

  private static Optional<byte[]> read(DataInputStream in) throws IOException {
    int length = in.readInt();
    if (length == ABSENT) {
      return Optional.empty();
    }
    return Optional.of(in.readNBytes(length));
  }
}
