package io.cnn2gnn.model.image;

import io.cnn2gnn.model.image.ImageRejectedException.Reason;
import io.cnn2gnn.model.image.JpegHeader.Span;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

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
    List<Span> kept = new ArrayList<>();
    int length = SIGNATURE + END.length;
    boolean data = false;
    int at = SIGNATURE;
    while (at + FRAME <= file.length) {
      long whole = FRAME + (in.getInt(at) & 0xffffffffL);
      int name = in.getInt(at + 4);
      if (name == IEND || at + whole > file.length) {
        break;
      }
      // Another header than the first, which was checked, must not be seen.
      if (name == PLTE || name == IDAT || (name == IHDR && at == SIGNATURE)) {
        kept.add(new Span(at, at + (int) whole));
        length += (int) whole;
        data |= name == IDAT;
      }
      at += (int) whole;
    }
    if (!data) {
      throw new ImageRejectedException(Reason.CORRUPT_IMAGE, "the PNG has no data");
    }
    ByteBuffer plain = ByteBuffer.allocate(length).put(file, 0, SIGNATURE);
    for (Span span : kept) {
      plain.put(file, span.from(), span.to() - span.from());
    }
    return plain.put(END).array();
  }
}
