package io.cnn2gnn.topology.input;

import io.cnn2gnn.topology.flow.Source;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/**
 * The last record that a task has taken, as the pending store keeps it: answered, refused, or
 * waiting for its batch. It is known by its offset and by what it holds, for a topic that was made
 * anew has other records at the same offsets.
 *
 * @param checksum of key and value
 */
public record Mark(long offset, long timestamp, int checksum) {
  /** Its key in the pending store. */
  public static final String ROW = "last";

  private static final byte VERSION = 1;
  private static final int BYTES = 1 + Long.BYTES + Long.BYTES + Integer.BYTES;

  /** Of a record. */
  public static Mark of(Source source) {
    CRC32C checksum = new CRC32C();
    source.key().ifPresent(checksum::update);
    source.value().ifPresent(checksum::update);
    return new Mark(source.offset(), source.timestamp(), (int) checksum.getValue());
  }

  /** The row. */
  public byte[] encode() {
    return ByteBuffer.allocate(BYTES)
        .put(VERSION)
        .putLong(offset)
        .putLong(timestamp)
        .putInt(checksum)
        .array();
  }

  /**
   * Reads the row.
   *
   * @throws IllegalStateException if it is damaged, or a later build wrote it
   */
  public static Mark decode(byte[] row) {
    ByteBuffer in = ByteBuffer.wrap(row);
    if (row.length != BYTES || in.get() != VERSION) {
      throw new IllegalStateException(
          "the pending store's row '" + ROW + "' is damaged or of a later build");
    }
    return new Mark(in.getLong(), in.getLong(), in.getInt());
  }
}
