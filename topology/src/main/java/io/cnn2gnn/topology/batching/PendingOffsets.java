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
 * The pending store's row of open batches: the offsets of the images that wait for their batch,
 * each as its distance from the successor of the one before, in seven bits a byte. An image in a
 * full batch costs one byte of it.
 */
public final class PendingOffsets {
  /** Its key in the pending store. */
  public static final String ROW = "open";

  private static final int VERSION = 1;

  private PendingOffsets() {}

  public static byte[] encode(List<Long> offsets) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(16 + offsets.size());
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      out.writeByte(VERSION);
      out.writeInt(offsets.size());
      long expected = 0;
      for (long offset : offsets) {
        long distance = offset - expected;
        // Zigzag: offsets fall where somebody has set the group back.
        write(out, (distance << 1) ^ (distance >> (Long.SIZE - 1)));
        expected = offset + 1;
      }
    } catch (IOException e) {
      throw new UncheckedIOException("writing to memory", e);
    }
    return bytes.toByteArray();
  }

  private static void write(DataOutputStream out, long value) throws IOException {
    long rest = value;
    for (; (rest & ~0x7FL) != 0; rest >>>= 7) {
      out.writeByte((int) (rest & 0x7F) | 0x80);
    }
    out.writeByte((int) rest);
  }

  /**
   * Reads the row.
   *
   * @throws UncheckedIOException if it is damaged
   * @throws IllegalStateException if a later build wrote it
   */
  public static List<Long> decode(byte[] bytes) {
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
      long expected = 0;
      for (int i = 0; i < count; i++) {
        long zigzag = read(in);
        long offset = expected + ((zigzag >>> 1) ^ -(zigzag & 1));
        offsets.add(offset);
        expected = offset + 1;
      }
      return offsets;
    } catch (IOException e) {
      throw new UncheckedIOException("the pending store holds a damaged row", e);
    }
  }

  private static long read(DataInputStream in) throws IOException {
    long value = 0;
    for (int shift = 0; shift < Long.SIZE; shift += 7) {
      int next = in.readUnsignedByte();
      value |= (long) (next & 0x7F) << shift;
      if (next < 0x80) {
        return value;
      }
    }
    throw new IOException("a distance of more than 64 bits");
  }
}
