package io.cnn2gnn.model.image;

import io.cnn2gnn.model.image.ImageRejectedException.Reason;
import java.nio.ByteBuffer;

/**
 * A PNG of nothing but what its pixels need: sizes, palette, data, end. Compressed text, profiles
 * and the frames of an animation are gone, before any decoder may stumble over them. So is what
 * tells which colour stands for transparent: alpha is dropped in any case.
 */
final class PlainPng {
  private static final int SIGNATURE = 8;

  /** Length, name and checksum. */
  private static final int FRAME = 12;

  private static final int IHDR = 0x49484452;
  private static final int PLTE = 0x504c5445;
  private static final int IDAT = 0x49444154;
  private static final int IEND = 0x49454e44;
  private static final byte[] END = {
    0, 0, 0, 0, 'I', 'E', 'N', 'D', (byte) 0xae, 0x42, 0x60, (byte) 0x82
  };

  private PlainPng() {}

  /**
   * Rewrites a file, without a look into what it keeps. A chunk that ends behind the file is
   * dropped with all that follows: a decoder then says what is missing.
   *
   * @throws ImageRejectedException if there is no data at all
   */
  static byte[] of(byte[] file) throws ImageRejectedException {
    ByteBuffer in = ByteBuffer.wrap(file);
    ByteBuffer plain = ByteBuffer.allocate(file.length + END.length);
    plain.put(file, 0, SIGNATURE);
    boolean data = false;
    int at = SIGNATURE;
    while (at + FRAME <= file.length) {
      long length = in.getInt(at) & 0xffffffffL;
      int name = in.getInt(at + 4);
      if (name == IEND || at + FRAME + length > file.length) {
        break;
      }
      int whole = (int) (FRAME + length);
      if (name == IHDR || name == PLTE || name == IDAT) {
        plain.put(file, at, whole);
        data |= name == IDAT;
      }
      at += whole;
    }
    if (!data) {
      throw new ImageRejectedException(Reason.CORRUPT_IMAGE, "the PNG has no data");
    }
    plain.put(END);
    byte[] bytes = new byte[plain.position()];
    plain.flip().get(bytes);
    return bytes;
  }
}
