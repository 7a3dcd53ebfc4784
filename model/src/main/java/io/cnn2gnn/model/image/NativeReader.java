package io.cnn2gnn.model.image;

import static org.bytedeco.leptonica.global.leptonica.L_JPEG_CONTINUE_WITH_BAD_DATA;
import static org.bytedeco.leptonica.global.leptonica.L_JPEG_READ_LUMINANCE;
import static org.bytedeco.leptonica.global.leptonica.L_SEVERITY_NONE;
import static org.bytedeco.leptonica.global.leptonica.pixConvertTo32;
import static org.bytedeco.leptonica.global.leptonica.pixConvertTo8;
import static org.bytedeco.leptonica.global.leptonica.pixDestroy;
import static org.bytedeco.leptonica.global.leptonica.pixGetColormap;
import static org.bytedeco.leptonica.global.leptonica.pixGetData;
import static org.bytedeco.leptonica.global.leptonica.pixGetDepth;
import static org.bytedeco.leptonica.global.leptonica.pixGetHeight;
import static org.bytedeco.leptonica.global.leptonica.pixGetWidth;
import static org.bytedeco.leptonica.global.leptonica.pixGetWpl;
import static org.bytedeco.leptonica.global.leptonica.pixReadMemJpeg;
import static org.bytedeco.leptonica.global.leptonica.pixReadMemPng;
import static org.bytedeco.leptonica.global.leptonica.pixReadMemWebP;
import static org.bytedeco.leptonica.global.leptonica.setMsgSeverity;

import io.cnn2gnn.model.image.ImageHeader.Kind;
import java.nio.IntBuffer;
import java.util.Optional;
import org.bytedeco.leptonica.PIX;

/**
 * libjpeg-turbo, libpng and libwebp, by way of Leptonica. None can be stopped once it has begun:
 * what they may be given is bounded by {@link FileHeaders}.
 */
final class NativeReader {
  private static final int BYTE_DEPTH = 8;
  private static final int WORD_DEPTH = 32;

  /** Not a constant of the class itself: loading it must not fail where it is only asked for. */
  private static final class Library {
    static final Optional<String> FAILURE = load();

    private static Optional<String> load() {
      try {
        // No thread that frees what is unreachable: a PIX is freed by whoever asked for it.
        System.setProperty("org.bytedeco.javacpp.nopointergc", "true");
        setMsgSeverity(L_SEVERITY_NONE);
        return Optional.empty();
      } catch (LinkageError | RuntimeException e) {
        return Optional.of("the native image library cannot be loaded: " + e);
      }
    }
  }

  NativeReader() {
    Library.FAILURE.ifPresent(
        why -> {
          throw new IllegalStateException(why);
        });
  }

  /** Why it cannot be used on this machine; empty if it can. */
  static Optional<String> failure() {
    return Library.FAILURE;
  }

  /**
   * Decodes a picture, and does not turn it; empty where it is for others to tell what is wrong, if
   * anything is.
   *
   * @param plain without anything beside pixels
   */
  Optional<Pixels> read(byte[] plain, ImageHeader header, Scale scale) {
    return isFor(header) ? Optional.ofNullable(decoded(plain, header, scale)) : Optional.empty();
  }

  /** Four inks are for {@link Inks}; of 16 bits eight would be cut off and not rounded. */
  static boolean isFor(ImageHeader header) {
    return header.kind() != Kind.DEEP_PNG
        && header.jpeg().map(jpeg -> jpeg.channels() < 4).orElse(true);
  }

  private static Pixels decoded(byte[] plain, ImageHeader header, Scale scale) {
    int[] warnings = new int[1];
    PIX pix =
        switch (header.kind()) {
          case JPEG, PROGRESSIVE_JPEG ->
              pixReadMemJpeg(plain, plain.length, 0, scale.denominator(), warnings, hint(scale));
          case PNG, PACKED_PNG, DEEP_PNG -> pixReadMemPng(plain, plain.length);
          case WEBP -> pixReadMemWebP(plain, plain.length);
        };
    if (pix == null) {
      return null;
    }
    try {
      boolean whole =
          pixGetWidth(pix) == scale.of(header.width())
              && pixGetHeight(pix) == scale.of(header.height());
      boolean grey = header.channels() == 1 || (header.jpeg().isPresent() && scale.grey());
      return warnings[0] == 0 && whole ? pixels(pix, grey) : null;
    } finally {
      pixDestroy(pix);
    }
  }

  private static int hint(Scale scale) {
    return L_JPEG_CONTINUE_WITH_BAD_DATA | (scale.grey() ? L_JPEG_READ_LUMINANCE : 0);
  }

  private static Pixels pixels(PIX pix, boolean grey) {
    int depth = pixGetColormap(pix) == null ? pixGetDepth(pix) : 0;
    if (depth == WORD_DEPTH) {
      return words(pix, grey);
    }
    if (depth == BYTE_DEPTH && grey) {
      return bytes(pix);
    }
    PIX usual = grey ? pixConvertTo8(pix, 0) : pixConvertTo32(pix);
    if (usual == null) {
      return null;
    }
    try {
      return grey ? bytes(usual) : words(usual, false);
    } finally {
      pixDestroy(usual);
    }
  }

  /** Four grey pixels in a word, the first one in its highest byte. */
  private static Pixels bytes(PIX pix) {
    int width = pixGetWidth(pix);
    int height = pixGetHeight(pix);
    byte[] samples = new byte[width * height];
    int[] row = new int[pixGetWpl(pix)];
    IntBuffer words = words(pix);
    for (int y = 0, at = 0; y < height; y++) {
      words.get(row);
      for (int x = 0; x < width; x++) {
        samples[at++] = (byte) (row[x >> 2] >>> (24 - 8 * (x & 3)));
      }
    }
    return new Pixels(width, height, 1, samples);
  }

  /** A pixel in a word: red, green, blue and what may be alpha, from its highest byte on. */
  private static Pixels words(PIX pix, boolean grey) {
    int width = pixGetWidth(pix);
    int height = pixGetHeight(pix);
    int channels = grey ? 1 : 3;
    byte[] samples = new byte[width * height * channels];
    int[] row = new int[pixGetWpl(pix)];
    IntBuffer words = words(pix);
    for (int y = 0, at = 0; y < height; y++) {
      words.get(row);
      for (int x = 0; x < width; x++) {
        samples[at++] = (byte) (row[x] >>> 24);
        if (!grey) {
          samples[at++] = (byte) (row[x] >>> 16);
          samples[at++] = (byte) (row[x] >>> 8);
        }
      }
    }
    return new Pixels(width, height, channels, samples);
  }

  private static IntBuffer words(PIX pix) {
    return pixGetData(pix).capacity((long) pixGetWpl(pix) * pixGetHeight(pix)).asBuffer();
  }
}
