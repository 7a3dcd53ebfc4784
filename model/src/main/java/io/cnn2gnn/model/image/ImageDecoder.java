package io.cnn2gnn.model.image;

import io.cnn2gnn.model.image.ImageHeader.Kind;
import io.cnn2gnn.model.image.ImageRejectedException.Reason;
import java.io.IOException;
import java.util.Optional;

/**
 * Decodes JPEG, PNG and WebP, checking format, size, compression ratio and, of a JPEG, its scans by
 * the headers alone before a single pixel is allocated.
 *
 * <p>The native library decodes where it is there, and the smallest scale of a JPEG that a model
 * has a use for. Whatever it does not take without a word the JDK's readers look at: they tell
 * damage from what is merely odd. Their processor time is bounded: they are cut off at {@link
 * DecodeCost#MOST_TIMES} times what is usual. That of the native library is bounded by what the
 * headers may say.
 *
 * <p>Files whose header says that they are grey have one channel, with their samples as stored; all
 * others have three. Alpha is dropped and nothing is drawn behind it: a transparent pixel has the
 * colour that is stored for it. A JPEG is turned as its EXIF Orientation says. Colour profiles are
 * not applied. A JPEG without an end marker is whole if its coded data is; what ends within that is
 * damaged. An instance belongs to one thread.
 */
public final class ImageDecoder implements AutoCloseable {
  private final FileHeaders headers;
  private final DecodeCost cost;
  private final JavaReader java;
  private final Optional<NativeReader> fast;

  /**
   * Makes a decoder of files that somebody trusts.
   *
   * @param maxPixels the largest width x height that is decoded
   */
  public ImageDecoder(long maxPixels) {
    this(maxPixels, DecodeCost.unbounded(DecoderChoice.AUTO));
  }

  /**
   * Makes a decoder of anybody's files.
   *
   * @param maxPixels the largest width x height that is decoded
   * @param cost says which library decodes, and bounds the processor time of each file by its
   *     pixels
   * @throws IllegalStateException if that is {@link DecoderChoice#NATIVE} and that is not there
   */
  public ImageDecoder(long maxPixels, DecodeCost cost) {
    if (maxPixels < 1) {
      throw new IllegalArgumentException("max pixels must be positive: " + maxPixels);
    }
    DecoderChoice choice = cost.decoder();
    if (choice == DecoderChoice.NATIVE && !choice.isNative()) {
      throw new IllegalStateException(DecoderChoice.whyNotNative().orElseThrow());
    }
    this.headers = new FileHeaders(maxPixels);
    this.cost = cost;
    this.java = new JavaReader(cost);
    this.fast = choice.isNative() ? Optional.of(new NativeReader()) : Optional.empty();
  }

  /**
   * Checks a file, of whichever format its first bytes say, by its headers.
   *
   * @throws ImageRejectedException if it is of none, or too large, or too much work
   */
  public ImageHeader header(byte[] file) throws ImageRejectedException {
    return headers.of(file);
  }

  /**
   * Decodes the whole of a file, of whichever format its first bytes say.
   *
   * @return grey (1 channel) or RGB (3 channels)
   * @throws ImageRejectedException if it is of none, too large, too much work, or damaged
   */
  public Pixels decode(byte[] file) throws ImageRejectedException {
    return decode(file, header(file), Scale.WHOLE);
  }

  /**
   * Decodes a file whose header has been checked, for a model: no smaller than its input, and not
   * necessarily larger. {@link Resize} does the rest.
   */
  public Pixels decode(byte[] file, ImageHeader header, InputSpec input)
      throws ImageRejectedException {
    return decode(file, header, Scale.of(header, input));
  }

  private Pixels decode(byte[] file, ImageHeader header, Scale scale)
      throws ImageRejectedException {
    Optional<Pixels> read = quick(file, header, scale);
    return read.isPresent() ? read.get() : decodeSlowly(file, header);
  }

  /** Whether the native library is there and tries such a file. */
  public boolean isQuick(ImageHeader header) {
    return fast.isPresent() && NativeReader.isFor(header);
  }

  /**
   * As {@link #decode(byte[], ImageHeader, InputSpec)} by the native library alone; empty where it
   * is not there, or has not taken the file without a word: that is for {@link #decodeSlowly}.
   */
  public Optional<Pixels> decodeQuickly(byte[] file, ImageHeader header, InputSpec input)
      throws ImageRejectedException {
    return quick(file, header, Scale.of(header, input));
  }

  private Optional<Pixels> quick(byte[] file, ImageHeader header, Scale scale)
      throws ImageRejectedException {
    if (!isQuick(header)) {
      return Optional.empty();
    }
    Optional<Pixels> stored = fast.get().read(plain(file, header), header, scale);
    return stored.isPresent()
        ? Optional.of(turned(stored.get(), header, new Deadline(cost.mostNanos(header))))
        : Optional.empty();
  }

  /** Decodes the whole of a file by the JDK's readers, which tell damage from what is odd. */
  public Pixels decodeSlowly(byte[] file, ImageHeader header) throws ImageRejectedException {
    Deadline deadline = new Deadline(cost.mostNanos(header));
    return turned(odd(plain(file, header), header, deadline), header, deadline);
  }

  private Pixels turned(Pixels stored, ImageHeader header, Deadline deadline)
      throws ImageRejectedException {
    try {
      return header.turned().of(stored, deadline);
    } catch (IOException e) {
      throw cost.tooMuch(header, e);
    }
  }

  private static byte[] plain(byte[] file, ImageHeader header) throws ImageRejectedException {
    if (header.jpeg().isPresent()) {
      return PlainJpeg.of(file, header.jpeg().get());
    }
    return header.kind().isPng() ? PlainPng.of(file) : file;
  }

  /** What the native library has not decoded, or not without a word. */
  private Pixels odd(byte[] plain, ImageHeader header, Deadline deadline)
      throws ImageRejectedException {
    if (header.kind() != Kind.WEBP) {
      return java.read(plain, header, deadline);
    }
    if (fast.isEmpty()) {
      throw new ImageRejectedException(
          Reason.UNSUPPORTED_FORMAT,
          "WebP is read by the native decoder alone, which is not there");
    }
    throw new ImageRejectedException(Reason.CORRUPT_IMAGE, "the WebP cannot be decoded");
  }

  /** Checks raw samples: height x width x channels bytes, row by row. */
  public Pixels raw(byte[] samples, int width, int height, int channels)
      throws ImageRejectedException {
    if (samples.length == 0) {
      throw new ImageRejectedException(Reason.EMPTY_IMAGE, "the image has no bytes");
    }
    if (width < 1 || height < 1 || (long) width * height * channels != samples.length) {
      throw new ImageRejectedException(
          Reason.RAW_SIZE_MISMATCH,
          "%d bytes are not %d x %d pixels of %d channels"
              .formatted(samples.length, width, height, channels));
    }
    headers.check(width, height);
    return new Pixels(width, height, channels, samples);
  }

  @Override
  public void close() {
    java.close();
  }
}
