package io.cnn2gnn.model.image;

import io.cnn2gnn.model.image.ImageHeader.Kind;
import io.cnn2gnn.model.image.ImageRejectedException.Reason;
import java.nio.ByteBuffer;
import java.util.Optional;

/** What files say of themselves, read and checked against the limits by a few bytes of them. */
final class FileHeaders {
  /**
   * What a JPEG can say. A PNG of one column and a row for each of its pixels costs a hundred times
   * as much as a square one, in its decoder as in {@link Resize}.
   */
  private static final int MAX_SIDE = 65_535;

  /** Deflate's limit. */
  private static final long MAX_PNG_RATIO = 1032;

  /** One bit for a block of 8 x 8, the least that Huffman codes can say of it. */
  private static final long MAX_JPEG_PIXELS_PER_BYTE = 512;

  /** Of a pixel; deeper ones, 16 bits a channel, count for as many more. */
  private static final int USUAL_BITS = 32;

  /** Signature, and the chunk of the sizes without its checksum. */
  private static final int PNG_HEADER = 29;

  private static final int IHDR_LENGTH = 13;

  private final long maxPixels;

  FileHeaders(long maxPixels) {
    this.maxPixels = maxPixels;
  }

  ImageHeader of(byte[] file) throws ImageRejectedException {
    if (file.length == 0) {
      throw new ImageRejectedException(Reason.EMPTY_IMAGE, "the image has no bytes");
    }
    if (begins(file, 0, 0xff, 0xd8, 0xff)) {
      return jpeg(file);
    }
    if (begins(file, 0, 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n')) {
      return png(file);
    }
    if (begins(file, 0, 'R', 'I', 'F', 'F') && begins(file, 8, 'W', 'E', 'B', 'P')) {
      return webp(file);
    }
    throw new ImageRejectedException(
        Reason.UNSUPPORTED_FORMAT, "neither JPEG, PNG nor WebP by its first bytes");
  }

  static boolean begins(byte[] file, int at, int... bytes) {
    for (int i = 0; i < bytes.length; i++) {
      if (at + i >= file.length || (file[at + i] & 255) != bytes[i]) {
        return false;
      }
    }
    return true;
  }

  private ImageHeader jpeg(byte[] file) throws ImageRejectedException {
    JpegHeader header = JpegHeader.of(file);
    check(header.width(), header.height());
    checkDensity(header.width(), header.height(), file.length * MAX_JPEG_PIXELS_PER_BYTE, file);
    ImageHeader checked =
        new ImageHeader(
            header.progressive() ? Kind.PROGRESSIVE_JPEG : Kind.JPEG,
            header.width(),
            header.height(),
            header.channels() * Byte.SIZE,
            header.channels() == 1 ? 1 : 3,
            file.length,
            header.scans(),
            Optional.of(header));
    if (checked.pixelBytes() > maxPixels * ImageHeader.MOST_BYTES_PER_PIXEL) {
      throw new ImageRejectedException(
          Reason.TOO_MANY_PIXELS,
          "the header says %d x %d pixels that take %d bytes to decode, the limit is %d of %d"
              .formatted(
                  header.width(),
                  header.height(),
                  checked.pixelBytes(),
                  maxPixels,
                  ImageHeader.MOST_BYTES_PER_PIXEL));
    }
    return checked;
  }

  private ImageHeader png(byte[] file) throws ImageRejectedException {
    if (file.length < PNG_HEADER) {
      throw new ImageRejectedException(Reason.CORRUPT_IMAGE, "the PNG ends within its header");
    }
    // A decoder looks for the first chunk of this name: what is checked must be what it sees.
    if (!begins(file, 8, 0, 0, 0, IHDR_LENGTH, 'I', 'H', 'D', 'R')) {
      throw new ImageRejectedException(
          Reason.CORRUPT_IMAGE, "the PNG does not begin with its header");
    }
    ByteBuffer header = ByteBuffer.wrap(file);
    int width = header.getInt(16);
    int height = header.getInt(20);
    if (width < 1 || height < 1) {
      throw new ImageRejectedException(
          Reason.CORRUPT_IMAGE, "the header says %d x %d pixels".formatted(width, height));
    }
    check(width, height);
    int type = header.get(25);
    int samples =
        switch (type) {
          case 2 -> 3;
          case 4 -> 2;
          case 6 -> 4;
          default -> 1;
        };
    int depth = Math.max(1, header.get(24) & 255);
    int bits = depth * samples;
    if ((long) width * height * bits > maxPixels * USUAL_BITS) {
      throw new ImageRejectedException(
          Reason.TOO_MANY_PIXELS,
          "the header says %d x %d pixels of %d bits, the limit is %d of %d"
              .formatted(width, height, bits, maxPixels, USUAL_BITS));
    }
    checkDensity(width, height, file.length * (MAX_PNG_RATIO * Byte.SIZE / bits), file);
    return new ImageHeader(
        depth > Byte.SIZE ? Kind.DEEP_PNG : bits < Byte.SIZE ? Kind.PACKED_PNG : Kind.PNG,
        width,
        height,
        bits,
        type == 0 || type == 4 ? 1 : 3,
        file.length,
        1,
        Optional.empty());
  }

  private ImageHeader webp(byte[] file) throws ImageRejectedException {
    WebpHeader header = WebpHeader.of(file);
    check(header.width(), header.height());
    checkDensity(header.width(), header.height(), header.mostPixels(file.length), file);
    return new ImageHeader(
        Kind.WEBP,
        header.width(),
        header.height(),
        USUAL_BITS,
        3,
        file.length,
        1,
        Optional.empty());
  }

  void check(long width, long height) throws ImageRejectedException {
    if (width > MAX_SIDE || height > MAX_SIDE) {
      throw new ImageRejectedException(
          Reason.TOO_MANY_PIXELS,
          "%d x %d pixels have a side longer than %d".formatted(width, height, MAX_SIDE));
    }
    if (width * height > maxPixels) {
      throw new ImageRejectedException(
          Reason.TOO_MANY_PIXELS,
          "the header says %d x %d pixels, the limit is %d".formatted(width, height, maxPixels));
    }
  }

  private static void checkDensity(long width, long height, long most, byte[] file)
      throws ImageRejectedException {
    if (width * height > most) {
      throw new ImageRejectedException(
          Reason.DECOMPRESSION_BOMB,
          "the header says %d x %d pixels in %d bytes".formatted(width, height, file.length));
    }
  }
}
