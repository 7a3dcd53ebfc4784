package io.cnn2gnn.model.image;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** The one thing of a camera's notes that changes what a picture looks like. */
final class Exif {
  private static final int ORIENTATION = 0x0112;
  private static final int SHORT = 3;
  private static final int ENTRY = 12;
  private static final int MAGIC = 42;

  private Exif() {}

  /**
   * How a picture is to be turned, by the Orientation of the first directory of a TIFF structure;
   * not at all where that says nothing sensible.
   *
   * @param from where the structure begins
   * @param to behind its last byte
   */
  static Turn turn(byte[] file, int from, int to) {
    if (from + 8 > to) {
      return Turn.NONE;
    }
    ByteBuffer tiff = ByteBuffer.wrap(file, from, to - from).slice();
    switch (tiff.getShort(0)) {
      case 0x4949 -> tiff.order(ByteOrder.LITTLE_ENDIAN);
      case 0x4d4d -> tiff.order(ByteOrder.BIG_ENDIAN);
      default -> {
        return Turn.NONE;
      }
    }
    int directory = tiff.getInt(4);
    if (tiff.getShort(2) != MAGIC || directory < 8 || directory > tiff.limit() - 2) {
      return Turn.NONE;
    }
    int entries = tiff.getShort(directory) & 0xffff;
    for (int i = 0; i < entries; i++) {
      int entry = directory + 2 + i * ENTRY;
      if (entry > tiff.limit() - ENTRY) {
        return Turn.NONE;
      }
      if ((tiff.getShort(entry) & 0xffff) == ORIENTATION) {
        return tiff.getShort(entry + 2) == SHORT && tiff.getInt(entry + 4) == 1
            ? Turn.of(tiff.getShort(entry + 8))
            : Turn.NONE;
      }
    }
    return Turn.NONE;
  }
}
