package io.cnn2gnn.model.image;

import io.cnn2gnn.model.image.ImageRejectedException.Reason;

/**
 * What a JPEG says of itself: the marker segments of the whole file, without the coded data between
 * them.
 */
record JpegHeader(int width, int height) {
  private static final int SOF0 = 0xc0;
  private static final int SOF2 = 0xc2;
  private static final int SOF15 = 0xcf;
  private static final int DHT = 0xc4;
  private static final int JPG = 0xc8;
  private static final int DAC = 0xcc;
  private static final int EOI = 0xd9;
  private static final int SOS = 0xda;

  /**
   * Encoders make ten scans of a progressive image, optimisers up to some dozens. A scan of no data
   * costs the sender ten bytes and the decoder a walk over the whole image.
   */
  private static final int MAX_SCANS = 100;

  /** Reads the segments up to the end of the image, or of a file that is cut off. */
  static JpegHeader of(byte[] file) throws ImageRejectedException {
    JpegHeader header = new JpegHeader(0, 0);
    int scans = 0;
    int at = 2;
    while (true) {
      at = nextMarker(file, at);
      if (at + 4 > file.length || u8(file, at + 1) == EOI) {
        break;
      }
      int marker = u8(file, at + 1);
      if (marker == 0x01 || (marker & 0xf8) == 0xd0) {
        at += 2;
        continue;
      }
      int length = u16(file, at + 2);
      if (marker >= SOF0 && marker <= SOF15 && marker != DHT && marker != JPG && marker != DAC) {
        if (header.width > 0) {
          throw new ImageRejectedException(Reason.CORRUPT_IMAGE, "the JPEG has two frames");
        }
        header = frame(file, at, marker);
      } else if (marker == SOS && ++scans > MAX_SCANS) {
        throw new ImageRejectedException(
            Reason.DECOMPRESSION_BOMB, "the JPEG has more than " + MAX_SCANS + " scans");
      }
      at += 2 + Math.max(2, length);
    }
    if (header.width < 1 || header.height < 1) {
      throw new ImageRejectedException(Reason.CORRUPT_IMAGE, "the JPEG has no frame of any size");
    }
    return header;
  }

  private static JpegHeader frame(byte[] file, int at, int marker) throws ImageRejectedException {
    if (at + 10 > file.length) {
      throw new ImageRejectedException(Reason.CORRUPT_IMAGE, "the JPEG ends within its header");
    }
    int bits = u8(file, at + 4);
    int channels = u8(file, at + 9);
    if (marker > SOF2 || bits != 8) {
      throw new ImageRejectedException(
          Reason.UNSUPPORTED_FORMAT,
          "a JPEG of process %d with %d bits; baseline and progressive of 8 bits are read"
              .formatted(marker - SOF0, bits));
    }
    if (channels != 1 && channels != 3) {
      throw new ImageRejectedException(
          Reason.UNSUPPORTED_FORMAT,
          "a JPEG of " + channels + " channels, such as CMYK; grey and colour are read");
    }
    return new JpegHeader(u16(file, at + 7), u16(file, at + 5));
  }

  /** The next 0xff that begins a marker: not a stuffed byte of data, nor padding. */
  private static int nextMarker(byte[] file, int from) {
    int at = from;
    while (at + 1 < file.length
        && (u8(file, at) != 0xff || u8(file, at + 1) == 0 || u8(file, at + 1) == 0xff)) {
      at++;
    }
    return at;
  }

  private static int u8(byte[] file, int at) {
    return file[at] & 255;
  }

  private static int u16(byte[] file, int at) {
    return (u8(file, at) << 8) | u8(file, at + 1);
  }
}
