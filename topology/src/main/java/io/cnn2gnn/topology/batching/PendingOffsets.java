package io.cnn2gnn.topology.batching;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;

/**
 * The pending store's only row: the offsets of the images that wait for their batch, ascending, as
 * distances in seven bits a byte. An image in a full batch costs one byte of it.
 */
final class PendingOffsets {
  private static final int VERSION = 1;

  private PendingOffsets() {}

  static byte[] encode(List<Long> offsets) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(16 + offsets.size());
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      out.writeByte(VERSION);
      out.writeInt(offsets.size());
      long before = 0;
      for (long offset : offsets) {
        writeDistance(out, offset - before);
        before = offset;
      }
    } catch (IOException e) {
      throw new UncheckedIOException("writing to memory", e);
    }
    return bytes.toByteArray();
  }

  private static void writeDistance(DataOutputStream out, long distance) throws IOException {
    if (distance < 0) {
      throw new IllegalArgumentException("offsets must ascend");
    }
    long rest = distance;
    for (; rest > 0x7F; rest >>>= 7) {
      out.writeByte((int) (rest & 0x7F) | 0x80);
    }
    out.writeByte((int) rest);
  }

  static List<Long> decode(byte[] bytes) {
    try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
      int version = in.readByte();
      if (version != VERSION) {
        throw new IllegalStateException(
            "the pending store holds a row of version "
                + version
                + ", this build reads "
                + VERSION);
      }
      int count = in.readInt();
      List<Long> offsets = new ArrayList<>();
      long offset = 0;
      for (int i = 0; i < count; i++) {
        offset += readDistance(in);
        offsets.add(offset);
      }
      return offsets;
    } catch (IOException e) {
      throw new UncheckedIOException("the pending store holds a damaged row", e);
    }
  }

  private static long readDistance(DataInputStream in) throws IOException {
    long distance = 0;
    for (int shift = 0; shift < Long.SIZE; shift += 7) {
      int next = in.readUnsignedByte();
      distance |= (long) (next & 0x7F) << shift;
      if (next < 0x80) {
        return distance;
      }
    }
    throw new IOException("a distance of more than 64 bits");
  }
}
