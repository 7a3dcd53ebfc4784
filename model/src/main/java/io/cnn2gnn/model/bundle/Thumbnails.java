package io.cnn2gnn.model.bundle;

import io.cnn2gnn.model.image.InputSpec;
import io.cnn2gnn.model.image.Pixels;
import io.cnn2gnn.model.image.Resize;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.Collections;
import java.util.stream.IntStream;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.stream.ImageOutputStream;

/**
 * Small pictures of a bundle's prototypes, so that somebody can look at a neighbour: one JPEG, in
 * which the picture of prototype i begins at column {@code i % COLUMNS * SIDE} and row {@code i /
 * COLUMNS * SIDE}.
 */
public final class Thumbnails {
  /** None were kept. */
  public static final Thumbnails NONE = new Thumbnails(new byte[0]);

  /** Width and height of a picture; what is not square stands in its middle. */
  public static final int SIDE = 32;

  /** Pictures beside each other. */
  public static final int COLUMNS = 32;

  private static final float QUALITY = 0.9f;

  private final byte[] jpeg;

  private Thumbnails(byte[] jpeg) {
    this.jpeg = jpeg;
  }

  /**
   * Draws images.
   *
   * @param pixels uint8 samples, image after image
   */
  public static Thumbnails of(InputSpec input, byte[] pixels) {
    int count = pixels.length / input.bytes();
    if (count == 0) {
      return NONE;
    }
    int rows = (count + COLUMNS - 1) / COLUMNS;
    boolean grey = input.channels() == 1;
    BufferedImage sheet =
        new BufferedImage(
            COLUMNS * SIDE,
            rows * SIDE,
            grey ? BufferedImage.TYPE_BYTE_GRAY : BufferedImage.TYPE_INT_RGB);
    InputSpec small = small(input);
    Resize resize = new Resize(small);
    for (int i = 0; i < count; i++) {
      byte[] own = Arrays.copyOfRange(pixels, i * input.bytes(), (i + 1) * input.bytes());
      byte[] drawn = resize.of(new Pixels(input.width(), input.height(), input.channels(), own));
      sheet
          .getRaster()
          .setPixels(
              i % COLUMNS * SIDE + (SIDE - small.width()) / 2,
              i / COLUMNS * SIDE + (SIDE - small.height()) / 2,
              small.width(),
              small.height(),
              IntStream.range(0, drawn.length).map(k -> drawn[k] & 255).toArray());
    }
    return new Thumbnails(written(sheet));
  }

  /** Those that a bundle holds. */
  static Thumbnails read(byte[] jpeg) {
    if (jpeg.length < 2 || (jpeg[0] & 255) != 0xff || (jpeg[1] & 255) != 0xd8) {
      throw new IllegalArgumentException("the thumbnails are no JPEG");
    }
    return new Thumbnails(jpeg.clone());
  }

  private static InputSpec small(InputSpec input) {
    double scale = (double) SIDE / Math.max(input.width(), input.height());
    return new InputSpec(
        Math.max(1, (int) Math.round(scale * input.height())),
        Math.max(1, (int) Math.round(scale * input.width())),
        input.channels(),
        Collections.nCopies(input.channels(), 0f),
        Collections.nCopies(input.channels(), 1f));
  }

  private static byte[] written(BufferedImage sheet) {
    ImageWriter writer = ImageIO.getImageWritersByFormatName("jpeg").next();
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ImageOutputStream out = ImageIO.createImageOutputStream(bytes)) {
      writer.setOutput(out);
      ImageWriteParam how = writer.getDefaultWriteParam();
      how.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
      how.setCompressionQuality(QUALITY);
      writer.write(null, new IIOImage(sheet, null, null), how);
    } catch (IOException e) {
      throw new UncheckedIOException("the thumbnails cannot be written", e);
    } finally {
      writer.dispose();
    }
    return bytes.toByteArray();
  }

  public boolean isEmpty() {
    return jpeg.length == 0;
  }

  /** The JPEG; empty where there are none. */
  public byte[] jpeg() {
    return jpeg.clone();
  }

  @Override
  public boolean equals(Object o) {
    return o instanceof Thumbnails t && Arrays.equals(jpeg, t.jpeg);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(jpeg);
  }
}
