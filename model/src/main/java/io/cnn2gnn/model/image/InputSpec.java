package io.cnn2gnn.model.image;

import java.util.List;

/**
 * What a model takes: 8-bit images of one size, normalised per channel as {@code (x / 255 - mean) /
 * deviation}.
 *
 * @param height rows
 * @param width columns
 * @param channels 1 (grey) or 3 (red, green, blue)
 * @param mean per channel, in [0, 1]
 * @param deviation per channel, in (0, 1]
 */
public record InputSpec(
    int height, int width, int channels, List<Float> mean, List<Float> deviation) {
  private static final int MAX_SIDE = 1024;

  public InputSpec {
    if (height < 1 || width < 1 || height > MAX_SIDE || width > MAX_SIDE) {
      throw new IllegalArgumentException(
          "input size " + width + " x " + height + " is outside 1.." + MAX_SIDE);
    }
    if (channels != 1 && channels != 3) {
      throw new IllegalArgumentException("channels must be 1 or 3: " + channels);
    }
    mean = List.copyOf(mean);
    deviation = List.copyOf(deviation);
    if (mean.size() != channels || deviation.size() != channels) {
      throw new IllegalArgumentException("mean and deviation need one value per channel");
    }
    for (float d : deviation) {
      if (!(d > 0)) {
        throw new IllegalArgumentException("deviation must be positive: " + deviation);
      }
    }
  }

  /** Bytes of one image: height x width x channels. */
  public int bytes() {
    return height * width * channels;
  }
}
