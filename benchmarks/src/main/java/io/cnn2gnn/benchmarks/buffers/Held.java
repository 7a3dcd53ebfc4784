package io.cnn2gnn.benchmarks.buffers;

import java.nio.ByteBuffer;

/** An image that waits in the open batch: its record, with the offset it came from. */
record Held(long offset, long timestamp, byte[] key, byte[] value) {
  private static final int HEAD = Long.BYTES + Integer.BYTES;

  /** The record whole; the offset is the row's key. */
  byte[] encode() {
    return ByteBuffer.allocate(HEAD + key.length + value.length)
        .putLong(timestamp)
        .putInt(key.length)
        .put(key)
        .put(value)
        .array();
  }

  static Held decode(long offset, byte[] row) {
    ByteBuffer in = ByteBuffer.wrap(row);
    long timestamp = in.getLong();
    byte[] key = new byte[in.getInt()];
    in.get(key);
    byte[] value = new byte[in.remaining()];
    in.get(value);
    return new Held(offset, timestamp, key, value);
  }
}
