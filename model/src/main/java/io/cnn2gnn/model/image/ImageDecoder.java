package io.cnn2gnn.model.image;

import io.cnn2gnn.model.image.ImageRejectedException.Reason;
import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
import java.awt.image.DataBufferByte;
import java.awt.image.PixelInterleavedSampleModel;
import java.awt.image.Raster;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Locale;
import java.util.Optional;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.spi.ImageReaderSpi;

/**
 * Decodes JPEG and PNG, checking format, size, compression ratio and, of a JPEG, its scans by the
 * headers alone before a single pixel is allocated. What the headers do not tell is bounded by
 * processor time: decoding is cut off at {@link DecodeCost#MOST_TIMES} times the usual.
 *
 * <p>Grey images keep their samples as stored; they do not pass through a colour space. Alpha is
 * dropped and nothing is drawn behind it: a transparent pixel has the colour that is stored for it.
 * A JPEG is turned as its EXIF Orientation says. Colour profiles are not applied. A JPEG without an
 * end marker is whole if its coded data is; what ends within that is damaged. An instance reuses
 * its JPEG reader and belongs to one thread.
 */
public final class ImageDecoder implements AutoCloseable {
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

  static {
    ImageIO.setUseCache(false);
  }

  private final long maxPixels;
  private final DecodeCost cost;
  private final ImageReader jpeg = ImageIO.getImageReadersByFormatName("jpeg").next();

  /**
   * The JDK's PNG reader holds on to its last image until the next one, so each is read by its own.
   */
  private final ImageReaderSpi png =
      ImageIO.getImageReadersByFormatName("png").next().getOriginatingProvider();

  /**
   * Makes a decoder of files that somebody trusts.
   *
   * @param maxPixels the largest width x height that is decoded
   */
  public ImageDecoder(long maxPixels) {
    this(maxPixels, DecodeCost.UNBOUNDED);
  }

  /**
   * Makes a decoder of anybody's files.
   *
   * @param maxPixels the largest width x height that is decoded
   * @param cost bounds the processor time of each file by its pixels
   */
  public ImageDecoder(long maxPixels, DecodeCost cost) {
    if (maxPixels < 1) {
      throw new IllegalArgumentException("max pixels must be positive: " + maxPixels);
    }
    this.maxPixels = maxPixels;
    this.cost = cost;
  }

  /**
   * Checks a JPEG or PNG file, whichever its first bytes say, by its headers.
   *
   * @throws ImageRejectedException if it is neither, or too large, or too much work
   */
  public ImageHeader header(byte[] file) throws ImageRejectedException {
    return switch (format(file)) {
      case JPEG -> jpegHeader(file);
      case PNG -> pngHeader(file);
    };
  }

  /**
   * Decodes a JPEG or PNG file, whichever its first bytes say.
   *
   * @return grey (1 channel) or RGB (3 channels)
   * @throws ImageRejectedException if it is not one, too large, too much work, or damaged
   */
  public Pixels decode(byte[] file) throws ImageRejectedException {
    return decode(file, header(file));
  }

  /** Decodes a file whose header has been checked; see {@link #decode(byte[])}. */
  public Pixels decode(byte[] file, ImageHeader header) throws ImageRejectedException {
    ImageReader reader = header.kind().isPng() ? pngReader() : jpeg;
    byte[] plain = header.jpeg().map(own -> PlainJpeg.of(file, own)).orElse(file);
    String[] damage = new String[1];
    Deadline deadline = new Deadline(cost.mostNanos(header));
    try (WatchedBytes in = new WatchedBytes(plain, deadline)) {
      // Metadata is skipped: compressed text and profiles in it are a bomb's other way in.
      reader.setInput(in, true, true);
      if (reader.getWidth(0) != header.width() || reader.getHeight(0) != header.height()) {
        throw new ImageRejectedException(
            Reason.CORRUPT_IMAGE,
            "the decoder sees %d x %d pixels where the header says %d x %d"
                .formatted(
                    reader.getWidth(0), reader.getHeight(0), header.width(), header.height()));
      }
      reader.addIIOReadUpdateListener(in);
      // The JPEG reader only warns of data that ends early, and returns grey for the rest.
      reader.addIIOReadWarningListener(
          (source, warning) -> {
            if (isDamage(warning, header)) {
              damage[0] = warning;
            }
          });
      Pixels pixels = pixels(reader, header, deadline);
      deadline.check();
      if (damage[0] != null) {
        throw new ImageRejectedException(Reason.CORRUPT_IMAGE, damage[0]);
      }
      return pixels;
    } catch (IOException | RuntimeException e) {
      if (deadline.isOver()) {
        throw new ImageRejectedException(
            Reason.TOO_COSTLY,
            "%d x %d pixels were not decoded after %.0f ms of processor time, %d times the usual"
                .formatted(
                    header.width(),
                    header.height(),
                    cost.mostNanos(header) / 1e6,
                    DecodeCost.MOST_TIMES),
            e);
      }
      // Readers answer damaged input with almost any unchecked exception.
      throw new ImageRejectedException(Reason.CORRUPT_IMAGE, "cannot be decoded: " + e, e);
    } finally {
      reader.reset();
    }
  }

  private static Pixels pixels(ImageReader reader, ImageHeader header, Deadline deadline)
      throws IOException {
    if (header.jpeg().isEmpty()) {
      return pixels(reader.read(0), deadline);
    }
    JpegHeader own = header.jpeg().get();
    Pixels stored =
        own.channels() == 4
            ? Inks.pixels(reader.readRaster(0, null), own.colours(), deadline)
            : pixels(reader.read(0), deadline);
    return own.turned().of(stored, deadline);
  }

  /**
   * Of a file without an end marker only what stands between data and end may be odd; libjpeg tells
   * of the first oddity alone, so any other one may hide that the data ends early.
   */
  private static boolean isDamage(String warning, ImageHeader header) {
    String w = warning.toLowerCase(Locale.ROOT);
    boolean unmarked = header.jpeg().isPresent() && !header.jpeg().get().marked();
    return w.contains("premature")
        || (unmarked && !(w.contains("extraneous") && w.contains("marker 0xd9")));
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
    checkPixels(width, height);
    return new Pixels(width, height, channels, samples);
  }

  private enum Format {
    JPEG,
    PNG
  }

  private static Format format(byte[] b) throws ImageRejectedException {
    if (b.length == 0) {
      throw new ImageRejectedException(Reason.EMPTY_IMAGE, "the image has no bytes");
    }
    if (b.length > 3 && (b[0] & 255) == 0xff && (b[1] & 255) == 0xd8 && (b[2] & 255) == 0xff) {
      return Format.JPEG;
    }
    if (b.length > 8 && (b[0] & 255) == 0x89 && b[1] == 'P' && b[2] == 'N' && b[3] == 'G') {
      return Format.PNG;
    }
    throw new ImageRejectedException(
        Reason.UNSUPPORTED_FORMAT, "neither JPEG nor PNG by its first bytes");
  }

  private ImageReader pngReader() {
    try {
      return png.createReaderInstance();
    } catch (IOException e) {
      throw new IllegalStateException("the JDK's PNG reader cannot be made", e);
    }
  }

  private ImageHeader jpegHeader(byte[] file) throws ImageRejectedException {
    JpegHeader header = JpegHeader.of(file);
    checkPixels(header.width(), header.height());
    checkDensity(header.width(), header.height(), file.length, MAX_JPEG_PIXELS_PER_BYTE);
    ImageHeader checked =
        new ImageHeader(
            header.progressive() ? ImageHeader.Kind.PROGRESSIVE_JPEG : ImageHeader.Kind.JPEG,
            header.width(),
            header.height(),
            header.channels() * Byte.SIZE,
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

  private ImageHeader pngHeader(byte[] file) throws ImageRejectedException {
    if (file.length < PNG_HEADER) {
      throw new ImageRejectedException(Reason.CORRUPT_IMAGE, "the PNG ends within its header");
    }
    ByteBuffer header = ByteBuffer.wrap(file);
    int width = header.getInt(16);
    int height = header.getInt(20);
    if (width < 1 || height < 1) {
      throw new ImageRejectedException(
          Reason.CORRUPT_IMAGE, "the header says %d x %d pixels".formatted(width, height));
    }
    checkPixels(width, height);
    int channels =
        switch (header.get(25)) {
          case 2 -> 3;
          case 4 -> 2;
          case 6 -> 4;
          default -> 1;
        };
    int bits = Math.max(1, header.get(24) & 255) * channels;
    if ((long) width * height * bits > maxPixels * USUAL_BITS) {
      throw new ImageRejectedException(
          Reason.TOO_MANY_PIXELS,
          "the header says %d x %d pixels of %d bits, the limit is %d of %d"
              .formatted(width, height, bits, maxPixels, USUAL_BITS));
    }
    checkDensity(width, height, file.length, MAX_PNG_RATIO * Byte.SIZE / bits);
    return new ImageHeader(
        bits < Byte.SIZE ? ImageHeader.Kind.PACKED_PNG : ImageHeader.Kind.PNG,
        width,
        height,
        bits,
        1,
        Optional.empty());
  }

  private void checkPixels(long width, long height) throws ImageRejectedException {
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

  private static void checkDensity(long width, long height, long bytes, long perByte)
      throws ImageRejectedException {
    if (width * height > bytes * perByte) {
      throw new ImageRejectedException(
          Reason.DECOMPRESSION_BOMB,
          "the header says %d x %d pixels in %d bytes".formatted(width, height, bytes));
    }
  }

  private static Pixels pixels(BufferedImage image, Deadline deadline) throws IOException {
    int width = image.getWidth();
    int height = image.getHeight();
    if (image.getType() == BufferedImage.TYPE_BYTE_GRAY && isPacked(image.getRaster())) {
      byte[] grey = ((DataBufferByte) image.getRaster().getDataBuffer()).getData();
      return new Pixels(width, height, 1, grey.clone());
    }
    if (image.getColorModel().getColorSpace().getType() == ColorSpace.TYPE_GRAY) {
      return grey(image.getRaster());
    }
    byte[] rgb = new byte[width * height * 3];
    new Colours(image).copy(rgb, deadline);
    return new Pixels(width, height, 3, rgb);
  }

  /** 16-bit grey and grey with alpha; getRGB would bend their samples to sRGB. */
  private static Pixels grey(Raster raster) {
    int width = raster.getWidth();
    int height = raster.getHeight();
    int shift = Math.max(0, raster.getSampleModel().getSampleSize(0) - 8);
    byte[] grey = new byte[width * height];
    int[] row = new int[width];
    for (int y = 0; y < height; y++) {
      raster.getSamples(0, y, width, 1, 0, row);
      for (int x = 0; x < width; x++) {
        grey[y * width + x] = (byte) (row[x] >> shift);
      }
    }
    return new Pixels(width, height, 1, grey);
  }

  private static boolean isPacked(Raster raster) {
    return raster.getSampleModel() instanceof PixelInterleavedSampleModel m
        && m.getScanlineStride() == raster.getWidth()
        && m.getPixelStride() == 1;
  }

  @Override
  public void close() {
    jpeg.dispose();
  }
}
