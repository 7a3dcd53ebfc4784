package io.cnn2gnn.benchmarks.buffers;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** Rising offsets in few bytes: the first as a varint, then each distance to the one before. */
final class Offsets {
  private static final int LONGEST_VARINT = 10;
  private static final int PAYLOAD_BITS = 7;
  private static final int MORE = 1 << PAYLOAD_BITS;

  private Offsets() {}

  static byte[] encode(List<Long> offsets) {
    ByteBuffer out = ByteBuffer.allocate(LONGEST_VARINT * offsets.size());
    long before = -1;
    for (long offset : offsets) {
      if (offset <= before) {
        throw new IllegalArgumentException("offsets must rise from 0: " + offsets);
      }
      write(out, offset - before - 1);
      before = offset;
    }
    byte[] bytes = new byte[out.position()];
    out.flip().get(bytes);
    return bytes;
  }

  static List<Long> decode(byte[] bytes) {
    ByteBuffer in = ByteBuffer.wrap(bytes);
    List<Long> offsets = new ArrayList<>();
    long before = -1;
    while (in.hasRemaining()) {
      before += read(in) + 1;
      offsets.add(before);
    }
    return offsets;
  }

  private static void write(ByteBuffer out, long value) {
    long rest = value;
    for (; rest >= MORE; rest >>>= PAYLOAD_BITS) {
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
