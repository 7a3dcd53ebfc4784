package io.cnn2gnn.model.image;

import io.cnn2gnn.model.image.ImageRejectedException.Reason;
import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
import java.awt.image.DataBufferByte;
import java.awt.image.PixelInterleavedSampleModel;
import java.awt.image.Raster;
import java.io.IOException;
import java.util.Locale;
import java.util.Optional;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.spi.ImageReaderSpi;

/**
 * The JDK's readers of JPEG and PNG. They can be stopped at any row, they tell of what is odd in a
 * file, and they take several times as long as {@link NativeReader}. An instance reuses its JPEG
 * reader and belongs to one thread.
 */
final class JavaReader implements AutoCloseable {
  static {
    ImageIO.setUseCache(false);
  }

  private final DecodeCost cost;
  private final ImageReader jpeg = ImageIO.getImageReadersByFormatName("jpeg").next();

  /**
   * The JDK's PNG reader holds on to its last image until the next one, so each is read by its own.
   */
  private final ImageReaderSpi png =
      ImageIO.getImageReadersByFormatName("png").next().getOriginatingProvider();

  JavaReader(DecodeCost cost) {
    this.cost = cost;
  }

  /**
   * Decodes the whole of a picture, and does not turn it.
   *
   * @param plain without anything beside pixels
   * @throws ImageRejectedException if it is damaged or costs too much
   */
  Pixels read(byte[] plain, ImageHeader header, Deadline deadline) throws ImageRejectedException {
    ImageReader reader = header.kind().isPng() ? pngReader() : jpeg;
    String[] damage = new String[1];
    try (WatchedBytes in = new WatchedBytes(plain, deadline)) {
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
        throw cost.tooMuch(header, e);
      }
      // Readers answer damaged input with almost any unchecked exception.
      throw new ImageRejectedException(Reason.CORRUPT_IMAGE, "cannot be decoded: " + e, e);
    } finally {
      reader.reset();
    }
  }

  private static Pixels pixels(ImageReader reader, ImageHeader header, Deadline deadline)
      throws IOException {
    Optional<JpegHeader> jpeg = header.jpeg();
    if (jpeg.isPresent() && jpeg.get().channels() == 4) {
      return Inks.pixels(reader.readRaster(0, null), jpeg.get().colours(), deadline);
    }
    Pixels pixels = pixels(reader.read(0), deadline);
    return header.channels() < pixels.channels() ? reds(pixels) : pixels;
  }

  /** Grey of fewer bits than eight comes as a palette of colours, all of them grey. */
  private static Pixels reds(Pixels colours) {
    byte[] samples = new byte[colours.width() * colours.height()];
    for (int i = 0; i < samples.length; i++) {
      samples[i] = colours.samples()[3 * i];
    }
    return new Pixels(colours.width(), colours.height(), 1, samples);
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

  private ImageReader pngReader() {
    try {
      return png.createReaderInstance();
    } catch (IOException e) {
      throw new IllegalStateException("the JDK's PNG reader cannot be made", e);
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
