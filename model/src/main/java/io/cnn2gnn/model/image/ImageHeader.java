package io.cnn2gnn.model.image;

import java.util.Optional;

/**
 * What an image file says of itself, checked against the limits before a pixel of it is decoded.
 *
 * @param kind which decoder reads it
 * @param width in pixels
 * @param height in pixels
 * @param bits of a pixel as it is stored
 * @param channels 1 for a grey picture, 3 for one of colours
 * @param bytes of the file
 * @param scans of a JPEG; 1 for others
 * @param jpeg what a JPEG says beside that
 */
public record ImageHeader(
    Kind kind,
    int width,
    int height,
    int bits,
    int channels,
    int bytes,
    int scans,
    Optional<JpegHeader> jpeg) {
  /** Files of one kind cost alike, pixel for pixel. */
  public enum Kind {
    /** One pass over the image. */
    JPEG,
    /** A pass over the whole image for each scan; ten are usual. */
    PROGRESSIVE_JPEG,
    /** A byte for each sample of a pixel. */
    PNG,
    /** Several pixels in a byte. */
    PACKED_PNG,
    /** Two bytes for each sample of a pixel. */
    DEEP_PNG,
    /** Lossy or lossless. */
    WEBP;

    boolean isPng() {
      return this == PNG || this == PACKED_PNG || this == DEEP_PNG;
    }
  }

  /**
   * What the largest pictures may take: a progressive JPEG, with its coefficients, or a PNG of 16
   * bits a channel. What takes more for a pixel may have fewer of them.
   */
  public static final int MOST_BYTES_PER_PIXEL = 12;

  /** Coefficients of a progressive JPEG are kept until its last scan: two bytes for a sample. */
  private static final int COEFFICIENT_BYTES = 2;

  /** Red, green, blue and what may be alpha. */
  private static final int WORD_BYTES = 4;

  /** Width x height. */
  public long pixels() {
    return (long) width * height;
  }

  /** Bytes that decoding holds at a time: the decoder's image, and what is made of it. */
  public long memoryBytes() {
    return pixelBytes() + bytes;
  }

  /** The same without the copy of the file. */
  long pixelBytes() {
    long stored = Math.max(1, (bits + 7L) / Byte.SIZE);
    long coefficients = kind == Kind.PROGRESSIVE_JPEG ? stored * COEFFICIENT_BYTES : 0;
    // The native library has rows as they are stored and an image, with a word for a colour. Of a
    // JPEG it has no rows, and holds a byte more than this for a pixel of the whole picture.
    boolean rows = kind == Kind.PNG || kind == Kind.PACKED_PNG || kind == Kind.WEBP;
    long image = !rows ? stored : stored + (channels == 3 ? WORD_BYTES : 1);
    long turned = turned() != Turn.NONE ? 3 : 0;
    return pixels() * (image + coefficients + 3 + turned);
  }

  Turn turned() {
    return jpeg.map(JpegHeader::turned).orElse(Turn.NONE);
  }
}
