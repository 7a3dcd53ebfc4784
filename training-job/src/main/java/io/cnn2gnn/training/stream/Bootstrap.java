package io.cnn2gnn.training.stream;

import java.util.Arrays;
import java.util.Random;
import java.util.stream.IntStream;

/**
 * How far a gain may be chance. Frames of one track are right or wrong together, so whole tracks
 * are drawn, with replacement (the cluster bootstrap).
 */
final class Bootstrap {
  private static final int DRAWS = 1000;
  private static final double TAIL = 0.025;

  private final int[] images;
  private final int[] gains;

  /** Of so many tracks. */
  Bootstrap(int tracks) {
    images = new int[tracks];
    gains = new int[tracks];
  }

  /** Counts an image. */
  void add(int track, boolean alone, boolean graph) {
    images[track]++;
    gains[track] += (graph ? 1 : 0) - (alone ? 1 : 0);
  }

  /**
   * The interval, per image.
   *
   * @param low of which the gain is above in 97.5 per cent of the draws
   * @param high of which it is below
   */
  record Interval(double low, double high) {}

  Interval interval() {
    int[] seen = IntStream.range(0, images.length).filter(t -> images[t] > 0).toArray();
    if (seen.length == 0) {
      return new Interval(0, 0);
    }
    Random random = new Random(1);
    double[] drawn = new double[DRAWS];
    for (int k = 0; k < DRAWS; k++) {
      long n = 0;
      long gain = 0;
      for (int i = 0; i < seen.length; i++) {
        int track = seen[random.nextInt(seen.length)];
        n += images[track];
        gain += gains[track];
      }
      drawn[k] = (double) gain / n;
    }
    Arrays.sort(drawn);
    return new Interval(drawn[(int) (TAIL * DRAWS)], drawn[(int) ((1 - TAIL) * DRAWS) - 1]);
  }
}
