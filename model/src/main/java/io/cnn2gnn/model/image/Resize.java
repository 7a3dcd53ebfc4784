package io.cnn2gnn.model.image;

/**
 * Brings an image to a model's input: channels first, then size.
 *
 * <p>Each output sample is the mean of the input under a triangle of the output pixel's width (at
 * least one input pixel): bilinear when enlarging, anti-aliased when shrinking. An image that has
 * the right shape already passes through unchanged.
 */
public final class Resize {
  private Resize() {}

  /** Returns spec.bytes() samples, row by row. */
  public static byte[] to(InputSpec spec, Pixels image) {
    byte[] samples = channels(image, spec.channels());
    if (image.width() == spec.width() && image.height() == spec.height()) {
      return samples;
    }
    int c = spec.channels();
    int rowLength = spec.width() * c;
    Taps across = new Taps(image.width(), spec.width());
    Taps down = new Taps(image.height(), spec.height());
    // Row by row into the sums of the output: all rows at the new width would be a multiple of an
    // image that is one pixel wide and millions high.
    float[] row = new float[rowLength];
    float[] sums = new float[spec.bytes()];
    int first = 0;
    for (int y = 0; y < image.height(); y++) {
      for (int x = 0; x < spec.width(); x++) {
        for (int k = 0; k < c; k++) {
          float sum = 0;
          for (int i = across.from[x]; i < across.to[x]; i++) {
            sum += across.weight(x, i) * (samples[(y * image.width() + i) * c + k] & 255);
          }
          row[x * c + k] = sum;
        }
      }
      while (down.to[first] <= y) {
        first++;
      }
      for (int o = first; o < spec.height() && down.from[o] <= y; o++) {
        float weight = down.weight(o, y);
        for (int x = 0; x < rowLength; x++) {
          sums[o * rowLength + x] += weight * row[x];
        }
      }
    }
    byte[] out = new byte[sums.length];
    for (int i = 0; i < out.length; i++) {
      out[i] = (byte) Math.max(0, Math.min(255, Math.round(sums[i])));
    }
    return out;
  }

  private static byte[] channels(Pixels image, int channels) {
    byte[] in = image.samples();
    if (image.channels() == channels) {
      return in;
    }
    int pixels = image.width() * image.height();
    byte[] out = new byte[pixels * channels];
    if (channels == 3) {
      for (int i = 0; i < pixels; i++) {
        out[3 * i] = in[i];
        out[3 * i + 1] = in[i];
        out[3 * i + 2] = in[i];
      }
    } else {
      // Luma of ITU-R BT.601, on the stored samples.
      for (int i = 0; i < pixels; i++) {
        int r = in[3 * i] & 255;
        int g = in[3 * i + 1] & 255;
        int b = in[3 * i + 2] & 255;
        out[i] = (byte) ((299 * r + 587 * g + 114 * b + 500) / 1000);
      }
    }
    return out;
  }

  /** Which input samples make an output sample, and how much of each. */
  private static final class Taps {
    final int[] from;
    final int[] to;
    private final float[][] weights;

    Taps(int in, int out) {
      from = new int[out];
      to = new int[out];
      weights = new float[out][];
      double scale = (double) in / out;
      double reach = Math.max(1, scale);
      for (int o = 0; o < out; o++) {
        double centre = (o + 0.5) * scale - 0.5;
        from[o] = Math.max(0, (int) Math.ceil(centre - reach));
        to[o] = Math.min(in, (int) Math.floor(centre + reach) + 1);
        weights[o] = new float[to[o] - from[o]];
        double sum = 0;
        for (int i = from[o]; i < to[o]; i++) {
          sum += Math.max(0, 1 - Math.abs(i - centre) / reach);
        }
        for (int i = from[o]; i < to[o]; i++) {
          weights[o][i - from[o]] = (float) (Math.max(0, 1 - Math.abs(i - centre) / reach) / sum);
        }
      }
    }

    float weight(int out, int in) {
      return weights[out][in - from[out]];
    }
  }
}
