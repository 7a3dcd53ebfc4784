package io.cnn2gnn.model.image;

import io.cnn2gnn.model.image.JpegHeader.Colours;
import java.awt.image.Raster;
import java.io.IOException;

/**
 * CMYK as red, green and blue, without a profile: what libjpeg's own tools make of it. JPEGs hold
 * it inverted, 255 for no ink, so a colour is what its ink and black let through, ink x black /
 * 255. Of YCCK the first three are the complement of what YCbCr says.
 */
final class Inks {
  private Inks() {}

  static Pixels pixels(Raster raster, Colours colours, Deadline deadline) throws IOException {
    int width = raster.getWidth();
    int height = raster.getHeight();
    byte[] rgb = new byte[width * height * 3];
    int[] row = new int[width * 4];
    int at = 0;
    for (int y = 0; y < height; y++) {
      deadline.check();
      raster.getPixels(raster.getMinX(), raster.getMinY() + y, width, 1, row);
      for (int x = 0; x < row.length; x += 4) {
        if (colours == Colours.YCCK) {
          complement(row, x);
        }
        for (int c = 0; c < 3; c++) {
          rgb[at++] = (byte) ((row[x + c] * row[x + 3] + 127) / 255);
        }
      }
    }
    return new Pixels(width, height, 3, rgb);
  }

  /** YCbCr (JFIF 1.02) to 255 - RGB. */
  private static void complement(int[] row, int x) {
    double luma = row[x];
    double blue = row[x + 1] - 128;
    double red = row[x + 2] - 128;
    row[x] = inverted(luma + 1.402 * red);
    row[x + 1] = inverted(luma - 0.344136 * blue - 0.714136 * red);
    row[x + 2] = inverted(luma + 1.772 * blue);
  }

  private static int inverted(double value) {
    return 255 - (int) Math.max(0, Math.min(255, Math.round(value)));
  }
}
