package io.cnn2gnn.training.data;

import java.util.Arrays;

/**
 * Whether left and right mean anything in a set. Letters and signs are other ones in a mirror; most
 * things that are photographed are not. Each image, and its mirror image, is given the class whose
 * mean image is nearest to it; where the mirror images are told much worse, views must not be
 * flipped. Images are averaged down to about fourteen rows, and brought to mean 0 and deviation 1.
 */
final class Mirror {
  private static final int ROWS = 14;
  private static final int MOST_IMAGES = 10_000;

  /** Of what is told right as it is, the share that has to be told right in a mirror. */
  private static final double HARMLESS = 0.9;

  private final ImageSet set;
  private final int factor;
  private final int height;
  private final int width;

  private Mirror(ImageSet set) {
    this.set = set;
    this.factor = Math.max(1, Math.min(set.height(), set.width()) / ROWS);
    this.height = set.height() / factor;
    this.width = set.width() / factor;
  }

  /** Whether its views may be flipped left to right. */
  static boolean isHarmless(ImageSet set) {
    return new Mirror(set).isHarmless();
  }

  private boolean isHarmless() {
    int[] labelled = set.labelled();
    int every = Math.max(1, labelled.length / MOST_IMAGES);
    int classes = set.classes().size();
    float[][] images = new float[(labelled.length + every - 1) / every][];
    int[] labels = new int[images.length];
    double[][] means = new double[classes][height * width * set.channels()];
    int[] counts = new int[classes];
    for (int i = 0; i < images.length; i++) {
      images[i] = small(labelled[i * every]);
      labels[i] = set.labels()[labelled[i * every]];
      counts[labels[i]]++;
      for (int k = 0; k < images[i].length; k++) {
        means[labels[i]][k] += images[i][k];
      }
    }
    for (int c = 0; c < classes; c++) {
      for (int k = 0; counts[c] > 0 && k < means[c].length; k++) {
        means[c][k] /= counts[c];
      }
    }
    int asTheyAre = 0;
    int mirrored = 0;
    for (int i = 0; i < images.length; i++) {
      asTheyAre += nearest(images[i], means) == labels[i] ? 1 : 0;
      mirrored += nearest(mirrored(images[i]), means) == labels[i] ? 1 : 0;
    }
    return mirrored >= HARMLESS * asTheyAre;
  }

  private float[] small(int image) {
    int channels = set.channels();
    float[] small = new float[height * width * channels];
    int from = image * set.imageBytes();
    for (int y = 0; y < height * factor; y++) {
      for (int x = 0; x < width * factor; x++) {
        for (int c = 0; c < channels; c++) {
          int sample = set.pixels()[from + (y * set.width() + x) * channels + c] & 255;
          small[(y / factor * width + x / factor) * channels + c] += sample;
        }
      }
    }
    double mean = 0;
    double squares = 0;
    for (float value : small) {
      mean += value / small.length;
      squares += (double) value * value / small.length;
    }
    double deviation = Math.sqrt(Math.max(0, squares - mean * mean)) + 1e-3;
    for (int k = 0; k < small.length; k++) {
      small[k] = (float) ((small[k] - mean) / deviation);
    }
    return small;
  }

  private float[] mirrored(float[] image) {
    int channels = set.channels();
    float[] mirrored = new float[image.length];
    for (int at = 0; at < image.length; at++) {
      int c = at % channels;
      int x = at / channels % width;
      int row = at / channels / width;
      mirrored[(row * width + width - 1 - x) * channels + c] = image[at];
    }
    return mirrored;
  }

  private static int nearest(float[] image, double[][] means) {
    double[] distances = new double[means.length];
    for (int c = 0; c < means.length; c++) {
      for (int k = 0; k < image.length; k++) {
        double off = image[k] - means[c][k];
        distances[c] += off * off;
      }
    }
    double least = Arrays.stream(distances).min().orElseThrow();
    int nearest = 0;
    while (distances[nearest] > least) {
      nearest++;
    }
    return nearest;
  }
}
