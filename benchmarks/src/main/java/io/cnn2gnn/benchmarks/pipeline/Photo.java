package io.cnn2gnn.benchmarks.pipeline;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Random;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.stream.MemoryCacheImageOutputStream;

/** A picture with the look of a photograph to a JPEG decoder: soft shapes under a little noise. */
public final class Photo {
  private static final int NOISE = 12;
  private static final float STEP = 0.02f;

  private Photo() {}

  /** A JPEG file of so many pixels, as small as it can be above so many bytes. */
  public static byte[] jpeg(int width, int height, int least, long seed) {
    BufferedImage image = draw(width, height, new Random(seed));
    for (float quality = STEP; quality < 1; quality += STEP) {
      byte[] file = encode(image, quality);
      if (file.length >= least) {
        return file;
      }
    }
    throw new IllegalArgumentException("no JPEG of the picture has " + least + " bytes");
  }

  private static BufferedImage draw(int width, int height, Random random) {
    BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        int rgb = 0;
        for (int c = 1; c <= 3; c++) {
          double soft = Math.sin(x * c / 60.0) * Math.cos(y * c / 45.0);
          rgb = (rgb << 8) | ((int) (128 + 90 * soft) + random.nextInt(NOISE));
        }
        image.setRGB(x, y, rgb);
      }
    }
    return image;
  }

  private static byte[] encode(BufferedImage image, float quality) {
    ImageWriter writer = ImageIO.getImageWritersByFormatName("jpeg").next();
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (MemoryCacheImageOutputStream out = new MemoryCacheImageOutputStream(bytes)) {
      ImageWriteParam parameters = writer.getDefaultWriteParam();
      parameters.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
      parameters.setCompressionQuality(quality);
      writer.setOutput(out);
      writer.write(null, new IIOImage(image, null, null), parameters);
      out.flush();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      writer.dispose();
    }
    return bytes.toByteArray();
  }
}
