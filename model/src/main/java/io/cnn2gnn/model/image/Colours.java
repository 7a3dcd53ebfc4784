package io.cnn2gnn.model.image;

import java.awt.image.BufferedImage;
import java.awt.image.ColorModel;
import java.awt.image.ComponentColorModel;
import java.awt.image.DataBuffer;
import java.awt.image.IndexColorModel;
import java.awt.image.Raster;
import java.io.IOException;

/**
 * The colours of an image as red, green and blue of a byte each, row by row; alpha is dropped. What
 * {@link BufferedImage#getRGB} gives, where it would take several times as long, and many times as
 * long while the JVM is cold.
 */
final class Colours {
  private final BufferedImage image;
  private final Raster raster;
  private final int width;
  private final int height;

  Colours(BufferedImage image) {
    this.image = image;
    this.raster = image.getRaster();
    this.width = image.getWidth();
    this.height = image.getHeight();
  }

  void copy(byte[] rgb, Deadline deadline) throws IOException {
    ColorModel model = image.getColorModel();
    if (model instanceof IndexColorModel palette) {
      palette(palette, rgb, deadline);
    } else if (!(model instanceof ComponentColorModel)
        || model.isAlphaPremultiplied()
        || model.getNumColorComponents() != 3
        || !model.getColorSpace().isCS_sRGB()) {
      slowly(rgb, deadline);
    } else if (model.getTransferType() == DataBuffer.TYPE_BYTE) {
      bytes(rgb, deadline);
    } else if (model.getTransferType() == DataBuffer.TYPE_USHORT) {
      shorts(rgb, deadline);
    } else {
      slowly(rgb, deadline);
    }
  }

  private void bytes(byte[] rgb, Deadline deadline) throws IOException {
    int bands = raster.getNumBands();
    byte[] row = new byte[width * bands];
    int next = 0;
    for (int y = 0; y < height; y++) {
      deadline.check();
      raster.getDataElements(0, y, width, 1, row);
      for (int x = 0; x < row.length; x += bands) {
        rgb[next++] = row[x];
        rgb[next++] = row[x + 1];
        rgb[next++] = row[x + 2];
      }
    }
  }

  private void shorts(byte[] rgb, Deadline deadline) throws IOException {
    int bands = raster.getNumBands();
    short[] row = new short[width * bands];
    for (int y = 0, at = 0; y < height; y++) {
      deadline.check();
      raster.getDataElements(0, y, width, 1, row);
      for (int x = 0; x < row.length; x += bands) {
        rgb[at++] = upper(row[x]);
        rgb[at++] = upper(row[x + 1]);
        rgb[at++] = upper(row[x + 2]);
      }
    }
  }

  /** 65,535 is white, as 255 is: rounded, not cut. */
  private static byte upper(short sample) {
    return (byte) (((sample & 0xffff) + 128) / 257);
  }

  private void palette(IndexColorModel palette, byte[] rgb, Deadline deadline) throws IOException {
    int[] colours = new int[palette.getMapSize()];
    palette.getRGBs(colours);
    int[] row = new int[width];
    for (int y = 0, at = 0; y < height; y++) {
      deadline.check();
      raster.getSamples(0, y, width, 1, 0, row);
      for (int index : row) {
        int colour = index < colours.length ? colours[index] : 0;
        rgb[at++] = (byte) (colour >> 16);
        rgb[at++] = (byte) (colour >> 8);
        rgb[at++] = (byte) colour;
      }
    }
  }

  private void slowly(byte[] rgb, Deadline deadline) throws IOException {
    int[] row = new int[width];
    for (int y = 0, at = 0; y < height; y++) {
      deadline.check();
      image.getRGB(0, y, width, 1, row, 0, width);
      for (int argb : row) {
        rgb[at++] = (byte) (argb >> 16);
        rgb[at++] = (byte) (argb >> 8);
        rgb[at++] = (byte) argb;
      }
    }
  }
}
