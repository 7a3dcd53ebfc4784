package io.cnn2gnn.benchmarks.buffers;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** Offsets in few bytes: varints of the distance of each from the successor of the one before. */
final class Offsets {
  private static final int LONGEST_VARINT = 10;
  private static final int PAYLOAD_BITS = 7;
  private static final int MORE = 1 << PAYLOAD_BITS;

  private Offsets() {}

  static byte[] encode(List<Long> offsets) {
    ByteBuffer out = ByteBuffer.allocate(LONGEST_VARINT * offsets.size());
    long expected = 0;
    for (long offset : offsets) {
      long distance = offset - expected;
      // Zigzag: offsets fall where somebody set the group back.
      write(out, (distance << 1) ^ (distance >> (Long.SIZE - 1)));
      expected = offset + 1;
    }
    byte[] bytes = new byte[out.position()];
    out.flip().get(bytes);
    return bytes;
  }

  static List<Long> decode(byte[] bytes) {
    ByteBuffer in = ByteBuffer.wrap(bytes);
    List<Long> offsets = new ArrayList<>();
    long expected = 0;
    while (in.hasRemaining()) {
      long zigzag = read(in);
      long offset = expected + ((zigzag >>> 1) ^ -(zigzag & 1));
      offsets.add(offset);
      expected = offset + 1;
    }
    return offsets;
  }

  private static void write(ByteBuffer out, long value) {
    long rest = value;
    for (; rest < 0 || rest >= MORE; rest >>>= PAYLOAD_BITS) {
      out.put((byte) ((rest & (MORE - 1)) | MORE));
    }
    out.put((byte) rest);
  }

  private static long read(ByteBuffer in) {
    long value = 0;
    for (int shift = 0; shift < Long.SIZE; shift += PAYLOAD_BITS) {
      byte next = in.get();
      value |= (long) (next & (MORE - 1)) << shift;
      if (next >= 0) {
        return value;
      }
    }
    throw new IllegalStateException("the offsets row is damaged: a varint does not end");
  }
}
