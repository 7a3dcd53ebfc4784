package io.cnn2gnn.model.image;

import io.cnn2gnn.model.image.ImageRejectedException.Reason;

/**
 * What a JPEG says of itself: the marker segments of the whole file, without the coded data between
 * them.
 */
record JpegHeader(
    int width, int height, int channels, boolean progressive, int scans, boolean profiled) {
  private static final int SOF0 = 0xc0;
  private static final int SOF2 = 0xc2;
  private static final int SOF15 = 0xcf;
  private static final int DHT = 0xc4;
  private static final int JPG = 0xc8;
  private static final int DAC = 0xcc;
  private static final int EOI = 0xd9;
  private static final int SOS = 0xda;

  /** Holds a colour profile, and seldom anything else. */
  private static final int APP2 = 0xe2;

  /** A scan of no data costs the sender ten bytes and the decoder a walk over the whole image. */
  private static final int MAX_SCANS = 100;

  /** Encoders make ten scans of a progressive image, optimisers up to sixteen. */
  private static final int USUAL_SCANS = 20;

  /** Samples that more scans than usual may walk over, in all: a picture of 200 x 200 may. */
  private static final long MAX_SAMPLES_OF_MANY_SCANS = 12_000_000;

  /**
   * Reads the segments up to the end of the image, or of a file that is cut off.
   *
   * @throws ImageRejectedException if it is no JPEG that is read here, or its scans times its
   *     samples are more work than its pixels are worth
   */
  static JpegHeader of(byte[] file) throws ImageRejectedException {
    JpegHeader header = new JpegHeader(0, 0, 0, false, 0, false);
    int scans = 0;
    boolean profiled = false;
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
      profiled |= marker == APP2;
      at += 2 + Math.max(2, length);
    }
    if (header.width < 1 || header.height < 1) {
      throw new ImageRejectedException(Reason.CORRUPT_IMAGE, "the JPEG has no frame of any size");
    }
    return header.with(scans, profiled);
  }

  private JpegHeader with(int scans, boolean profiled) throws ImageRejectedException {
    long samples = (long) width * height * channels;
    if (scans > USUAL_SCANS && scans * samples > MAX_SAMPLES_OF_MANY_SCANS) {
      throw new ImageRejectedException(
          Reason.DECOMPRESSION_BOMB,
          "the JPEG has %d scans over %d x %d pixels; a picture of that size may have %d"
              .formatted(scans, width, height, USUAL_SCANS));
    }
    return new JpegHeader(width, height, channels, progressive, scans, profiled);
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
    return new JpegHeader(u16(file, at + 7), u16(file, at + 5), channels, marker == SOF2, 0, false);
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
