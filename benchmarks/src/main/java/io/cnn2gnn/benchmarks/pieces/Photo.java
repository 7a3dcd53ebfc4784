package io.cnn2gnn.benchmarks.pieces;

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
final class Photo {
  private static final int WIDTH = 640;
  private static final int HEIGHT = 480;
  private static final int NOISE = 12;
  private static final float STEP = 0.02f;

  private Photo() {}

  /** A JPEG file of 640 x 480 pixels, as small as it can be above so many bytes. */
  static byte[] jpeg(int least, long seed) {
    BufferedImage image = draw(new Random(seed));
    for (float quality = STEP; quality < 1; quality += STEP) {
      byte[] file = encode(image, quality);
      if (file.length >= least) {
        return file;
      }
    }
    throw new IllegalArgumentException("no JPEG of the picture has " + least + " bytes");
  }

  private static BufferedImage draw(Random random) {
    BufferedImage image = new BufferedImage(WIDTH, HEIGHT, BufferedImage.TYPE_INT_RGB);
    for (int y = 0; y < HEIGHT; y++) {
      for (int x = 0; x < WIDTH; x++) {
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
