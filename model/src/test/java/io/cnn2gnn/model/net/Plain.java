package io.cnn2gnn.model.net;

import io.cnn2gnn.model.torch.Tensor;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/** Convolutional layers in loops: maps are [image][channel][row][column]. */
final class Plain {
  private static final double EPSILON = 1e-5;

  private Plain() {}

  /** What a batch norm divides by and takes off. */
  @FunctionalInterface
  interface Statistics {
    /** Mean and variance of a channel. */
    double[] of(double[][][][] z, int channel);
  }

  /** Those of the batch; the variance has no correction. */
  static double[] ofBatch(double[][][][] z, int channel) {
    double sum = 0;
    double squares = 0;
    int count = 0;
    for (double[][][] image : z) {
      for (double[] row : image[channel]) {
        for (double value : row) {
          sum += value;
          squares += value * value;
          count++;
        }
      }
    }
    double mean = sum / count;
    return new double[] {mean, squares / count - mean * mean};
  }

  /** The running ones. */
  static Statistics running(Map<String, Tensor> tensors, String name) {
    return (z, channel) ->
        new double[] {
          tensors.get(name + "_running_mean").data()[channel],
          tensors.get(name + "_running_var").data()[channel]
        };
  }

  /** (sample / 255 - mean) / deviation of images of uint8 [b, height, width, channels]. */
  static double[][][][] normalised(byte[] samples, int b, int h, int w, float[] mean, float[] dev) {
    int channels = mean.length;
    double[][][][] x = new double[b][channels][h][w];
    for (int at = 0; at < samples.length; at++) {
      int c = at % channels;
      int pixel = at / channels;
      double value = ((samples[at] & 255) / 255.0 - mean[c]) / dev[c];
      x[pixel / (h * w)][c][pixel / w % h][pixel % w] = value;
    }
    return x;
  }

  /** gamma (z - mean) / sqrt(variance + 1e-5) + beta, z the convolution of x. */
  static double[][][][] normed(
      double[][][][] x, Map<String, Tensor> tensors, String name, int stride, Statistics by) {
    double[][][][] z = convolved(x, tensors.get(name), stride);
    for (int o = 0; o < z[0].length; o++) {
      double[] statistics = by.of(z, o);
      double scale = tensors.get(name + "_gamma").data()[o] / Math.sqrt(statistics[1] + EPSILON);
      double beta = tensors.get(name + "_beta").data()[o];
      for (double[][][] image : z) {
        for (double[] row : image[o]) {
          for (int c = 0; c < row.length; c++) {
            row[c] = (row[c] - statistics[0]) * scale + beta;
          }
        }
      }
    }
    return z;
  }

  private static double[][][][] convolved(double[][][][] x, Tensor kernel, int stride) {
    int out = (int) kernel.shape()[0];
    int side = (int) kernel.shape()[2];
    int pad = side / 2;
    int height = (x[0][0].length - 1) / stride + 1;
    int width = (x[0][0][0].length - 1) / stride + 1;
    double[][][][] z = new double[x.length][out][height][width];
    for (int b = 0; b < x.length; b++) {
      for (int o = 0; o < out; o++) {
        for (int r = 0; r < height; r++) {
          for (int c = 0; c < width; c++) {
            z[b][o][r][c] = at(x[b], kernel, o, r * stride - pad, c * stride - pad);
          }
        }
      }
    }
    return z;
  }

  private static double at(double[][][] x, Tensor kernel, int out, int top, int left) {
    int side = (int) kernel.shape()[2];
    double sum = 0;
    int at = out * x.length * side * side;
    for (double[][] channel : x) {
      for (int r = top; r < top + side; r++) {
        for (int c = left; c < left + side; c++) {
          boolean inside = r >= 0 && r < channel.length && c >= 0 && c < channel[0].length;
          sum += inside ? channel[r][c] * kernel.data()[at] : 0;
          at++;
        }
      }
    }
    return sum;
  }

  /** relu(y + x). */
  static double[][][][] activated(double[][][][] y, double[][][][] x) {
    double[][][][] z = new double[y.length][y[0].length][y[0][0].length][y[0][0][0].length];
    for (int b = 0; b < z.length; b++) {
      for (int k = 0; k < z[0].length; k++) {
        for (int r = 0; r < z[0][0].length; r++) {
          for (int c = 0; c < z[0][0][0].length; c++) {
            z[b][k][r][c] = Math.max(0, y[b][k][r][c] + x[b][k][r][c]);
          }
        }
      }
    }
    return z;
  }

  /** relu(y). */
  static double[][][][] activated(double[][][][] y) {
    return activated(y, new double[y.length][y[0].length][y[0][0].length][y[0][0][0].length]);
  }

  /** The greatest of each 3 x 3, of every second. */
  static double[][][][] pooled(double[][][][] x) {
    int height = (x[0][0].length - 1) / 2 + 1;
    int width = (x[0][0][0].length - 1) / 2 + 1;
    double[][][][] z = new double[x.length][x[0].length][height][width];
    for (int b = 0; b < z.length; b++) {
      for (int k = 0; k < z[0].length; k++) {
        for (int r = 0; r < height; r++) {
          for (int c = 0; c < width; c++) {
            double most = Double.NEGATIVE_INFINITY;
            for (int i = Math.max(0, 2 * r - 1);
                i <= Math.min(2 * r + 1, x[b][k].length - 1);
                i++) {
              for (int j = Math.max(0, 2 * c - 1);
                  j <= Math.min(2 * c + 1, x[b][k][0].length - 1);
                  j++) {
                most = Math.max(most, x[b][k][i][j]);
              }
            }
            z[b][k][r][c] = most;
          }
        }
      }
    }
    return z;
  }

  /** Means over each cell of a grid, channel after channel: [image][channel grid grid]. */
  static double[][] averaged(double[][][][] x, int grid) {
    int height = x[0][0].length;
    int width = x[0][0][0].length;
    double[][] means = new double[x.length][x[0].length * grid * grid];
    for (int b = 0; b < x.length; b++) {
      int at = 0;
      for (double[][] channel : x[b]) {
        for (int gr = 0; gr < grid; gr++) {
          for (int gc = 0; gc < grid; gc++) {
            double sum = 0;
            int count = 0;
            // Cells overlap where the extent is no multiple of the grid.
            for (int r = gr * height / grid; r < ceil((gr + 1) * height, grid); r++) {
              for (int c = gc * width / grid; c < ceil((gc + 1) * width, grid); c++) {
                sum += channel[r][c];
                count++;
              }
            }
            means[b][at++] = sum / count;
          }
        }
      }
    }
    return means;
  }

  private static int ceil(int a, int b) {
    return (a + b - 1) / b;
  }

  /** x W + b with W [in, out]; no b is none. */
  static double[][] linear(double[][] x, Tensor w, float... b) {
    int out = (int) w.shape()[1];
    double[][] y = new double[x.length][out];
    for (int i = 0; i < x.length; i++) {
      for (int o = 0; o < out; o++) {
        double sum = b.length > 0 ? b[o] : 0;
        for (int k = 0; k < x[i].length; k++) {
          sum += x[i][k] * w.data()[k * out + o];
        }
        y[i][o] = sum;
      }
    }
    return y;
  }

  /** One row after the other. */
  static double[] flat(double[][] rows) {
    return Arrays.stream(rows).flatMapToDouble(Arrays::stream).toArray();
  }

  /** The same tensors with batch norms that differ from doing nothing. */
  static Map<String, Tensor> unsettled(Map<String, Tensor> tensors, long seed) {
    Random random = new Random(seed);
    Map<String, Tensor> result = new TreeMap<>();
    new TreeMap<>(tensors)
        .forEach(
            (name, tensor) -> {
              float[] data = tensor.data().clone();
              for (int i = 0; i < data.length; i++) {
                if (name.endsWith("_gamma") || name.endsWith("_running_var")) {
                  data[i] = 0.5f + random.nextFloat();
                } else if (name.endsWith("_beta") || name.endsWith("_running_mean")) {
                  data[i] = (float) random.nextGaussian() / 5;
                }
              }
              result.put(name, new Tensor(tensor.shape(), data));
            });
    return result;
  }
}
