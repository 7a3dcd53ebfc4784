package io.cnn2gnn.lab.picture;

import java.awt.image.BufferedImage;
import java.awt.image.WritableRaster;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import javax.imageio.ImageIO;

/** Images of a data set as PNG files, which lose nothing. */
public final class Png {
  private Png() {}

  /**
   * A file of samples.
   *
   * @param samples 8 bits each, row by row, width x height x channels
   * @param channels 1 or 3
   */
  public static byte[] of(byte[] samples, int width, int height, int channels) throws IOException {
    int type = channels == 1 ? BufferedImage.TYPE_BYTE_GRAY : BufferedImage.TYPE_3BYTE_BGR;
    BufferedImage picture = new BufferedImage(width, height, type);
    WritableRaster raster = picture.getRaster();
    int[] row = new int[width * channels];
    for (int y = 0; y < height; y++) {
      for (int i = 0; i < row.length; i++) {
        row[i] = samples[y * row.length + i] & 255;
      }
      raster.setPixels(0, y, width, 1, row);
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ImageIO.write(picture, "png", out);
    return out.toByteArray();
  }
}
