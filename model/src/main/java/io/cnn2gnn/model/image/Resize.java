package io.cnn2gnn.model.image;

import java.util.Arrays;

/**
 * Brings an image to a model's input: channels first, then size.
 *
 * <p>Each output sample is the mean of the input under a triangle of the output pixel's width (at
 * least one input pixel): bilinear when enlarging, anti-aliased when shrinking. An image that has
 * the right shape already passes through unchanged.
 */
public final class Resize {
  private final InputSpec spec;
  private Taps across = new Taps(1, 1);
  private Taps down = across;

  /** To a model's input, for one thread; images of the same size as the last one are cheaper. */
  public Resize(InputSpec spec) {
    this.spec = spec;
  }

  /** What images are brought to. */
  public InputSpec spec() {
    return spec;
  }

  /** Returns spec.bytes() samples, row by row. */
  public static byte[] to(InputSpec spec, Pixels image) {
    return new Resize(spec).of(image);
  }

  /** Returns spec.bytes() samples, row by row. */
  public byte[] of(Pixels image) {
    byte[] samples = channels(image, spec.channels());
    if (image.width() == spec.width() && image.height() == spec.height()) {
      return samples;
    }
    across = across.of(image.width(), spec.width());
    down = down.of(image.height(), spec.height());
    int c = spec.channels();
    int width = image.width() * c;
    Rows rows = new Rows(samples, width, down.most());
    // One row of sums: all of them would be a multiple of an image that is one pixel high and tens
    // of thousands wide.
    float[] sums = new float[width];
    float[] row = new float[spec.width() * c];
    byte[] out = new byte[spec.bytes()];
    for (int y = 0, at = 0; y < spec.height(); y++) {
      Arrays.fill(sums, 0);
      for (int i = down.from[y]; i < down.to[y]; i++) {
        add(rows.get(i), down.weight(y, i), sums);
      }
      across.sum(sums, row, c);
      for (float value : row) {
        out[at++] = (byte) Math.max(0, Math.min(255, Math.round(value)));
      }
    }
    return out;
  }

  private static void add(float[] row, float weight, float[] sums) {
    for (int x = 0; x < sums.length; x++) {
      sums[x] += weight * row[x];
    }
  }

  /** Rows of samples as floats, made once for all outputs that have a part of them. */
  private static final class Rows {
    private final byte[] samples;
    private final float[][] held;
    private int next;

    Rows(byte[] samples, int width, int most) {
      this.samples = samples;
      this.held = new float[most][width];
    }

    /** Row i, once every row up to it has been asked for; i never falls by as much as is held. */
    float[] get(int i) {
      float[] row = held[i % held.length];
      if (i >= next) {
        int from = i * row.length;
        for (int x = 0; x < row.length; x++) {
          row[x] = samples[from + x] & 255;
        }
        next = i + 1;
      }
      return row;
    }
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

  /**
   * Which input samples make an output sample, and how much of each. Every output has the same
   * number of taps, those beyond its triangle of weight 0: a loop over outputs is several times as
   * fast as many loops over a few taps.
   */
  private static final class Taps {
    final int[] from;
    final int[] to;
    private final int in;
    private final int[] start;
    private final float[][] weights;

    Taps(int in, int out) {
      this.in = in;
      from = new int[out];
      to = new int[out];
      start = new int[out];
      double scale = (double) in / out;
      double reach = Math.max(1, scale);
      int taps = 0;
      for (int o = 0; o < out; o++) {
        double centre = centre(o, scale);
        from[o] = Math.max(0, (int) Math.ceil(centre - reach));
        to[o] = Math.min(in, (int) Math.floor(centre + reach) + 1);
        taps = Math.max(taps, to[o] - from[o]);
      }
      weights = new float[taps][out];
      for (int o = 0; o < out; o++) {
        start[o] = Math.min(from[o], in - taps);
        double centre = centre(o, scale);
        double sum = 0;
        for (int i = from[o]; i < to[o]; i++) {
          sum += Math.max(0, 1 - Math.abs(i - centre) / reach);
        }
        for (int i = from[o]; i < to[o]; i++) {
          double weight = Math.max(0, 1 - Math.abs(i - centre) / reach);
          weights[i - start[o]][o] = (float) (weight / sum);
        }
      }
    }

    /** These, if they are the ones. */
    Taps of(int in, int out) {
      return in == this.in && out == from.length ? this : new Taps(in, out);
    }

    private static double centre(int out, double scale) {
      return (out + 0.5) * scale - 0.5;
    }

    /** Taps of an output at most. */
    int most() {
      return weights.length;
    }

    float weight(int out, int in) {
      return weights[in - start[out]][out];
    }

    /** One row of outputs from one of inputs, c channels interleaved. */
    void sum(float[] inputs, float[] outputs, int c) {
      Arrays.fill(outputs, 0);
      for (int tap = 0; tap < weights.length; tap++) {
        float[] w = weights[tap];
        for (int k = 0; k < c; k++) {
          for (int x = 0; x < w.length; x++) {
            outputs[x * c + k] += w[x] * inputs[(start[x] + tap) * c + k];
          }
        }
      }
    }
  }
}
