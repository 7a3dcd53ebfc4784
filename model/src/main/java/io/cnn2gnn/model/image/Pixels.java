package io.cnn2gnn.model.image;

import java.util.Arrays;

/**
 * A decoded image: 8-bit samples, row by row, {@code channels} samples per pixel (1 = grey, 3 =
 * red, green, blue). The array is shared, not copied.
 */
public record Pixels(int width, int height, int channels, byte[] samples) {
  public Pixels {
    if ((long) width * height * channels != samples.length) {
      throw new IllegalArgumentException(
          width + " x " + height + " x " + channels + " does not fit " + samples.length + " bytes");
    }
  }

  @Override
  public boolean equals(Object o) {
    return o instanceof Pixels p
        && width == p.width
        && height == p.height
        && channels == p.channels
        && Arrays.equals(samples, p.samples);
  }

  @Override
  public int hashCode() {
    return 31 * (31 * width + height) + Arrays.hashCode(samples);
  }

  @Override
  public String toString() {
    return "Pixels[" + width + " x " + height + " x " + channels + "]";
  }
}
