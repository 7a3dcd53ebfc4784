package io.cnn2gnn.model.image;

import io.cnn2gnn.model.image.ImageRejectedException.Reason;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * What a WebP file says of its size: lossy (VP8), lossless (VP8L), or with more than pixels (VP8X).
 */
record WebpHeader(int width, int height) {
  private static final int HEADER = 30;
  private static final int CHUNK = 12;
  private static final int DATA = 20;
  private static final int ANIMATED = 0x02;
  private static final int SIDE = 0x3fff;

  /** A flat picture of 1920 x 1080 has some thousand for a byte where it is lossy. */
  private static final long MAX_PIXELS_PER_BYTE = 4096;

  /** A flat one has any number of them where it is lossless. */
  private static final long PIXELS_OF_ANY_FILE = 1_000_000;

  /**
   * Reads it.
   *
   * @throws ImageRejectedException if the file is cut off there, or has several frames
   */
  static WebpHeader of(byte[] file) throws ImageRejectedException {
    if (file.length < HEADER) {
      throw new ImageRejectedException(Reason.CORRUPT_IMAGE, "the WebP ends within its header");
    }
    ByteBuffer bytes = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
    if (FileHeaders.begins(file, CHUNK, 'V', 'P', '8', ' ')
        && FileHeaders.begins(file, DATA + 3, 0x9d, 0x01, 0x2a)) {
      return of(bytes.getShort(DATA + 6) & SIDE, bytes.getShort(DATA + 8) & SIDE);
    }
    if (FileHeaders.begins(file, CHUNK, 'V', 'P', '8', 'L')
        && FileHeaders.begins(file, DATA, 0x2f)) {
      int sizes = bytes.getInt(DATA + 1);
      return of((sizes & SIDE) + 1, ((sizes >> 14) & SIDE) + 1);
    }
    if (FileHeaders.begins(file, CHUNK, 'V', 'P', '8', 'X')) {
      if ((file[DATA] & ANIMATED) != 0) {
        throw new ImageRejectedException(
            Reason.UNSUPPORTED_FORMAT, "an animated WebP; send its frames one by one");
      }
      return of(
          (bytes.getInt(DATA + 4) & 0xffffff) + 1, (bytes.getInt(DATA + 6) >>> 8 & 0xffffff) + 1);
    }
    throw new ImageRejectedException(Reason.CORRUPT_IMAGE, "the WebP begins with no picture");
  }

  private static WebpHeader of(int width, int height) throws ImageRejectedException {
    if (width < 1 || height < 1) {
      throw new ImageRejectedException(
          Reason.CORRUPT_IMAGE, "the header says %d x %d pixels".formatted(width, height));
    }
    return new WebpHeader(width, height);
  }

  /** More than an honest file of so many bytes has. */
  long mostPixels(long bytes) {
    return PIXELS_OF_ANY_FILE + MAX_PIXELS_PER_BYTE * bytes;
  }
}
