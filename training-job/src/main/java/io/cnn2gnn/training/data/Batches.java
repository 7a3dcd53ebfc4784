package io.cnn2gnn.training.data;

import java.util.Random;

/**
 * Shuffled, augmented batches of an image set: each view is flipped left to right with probability
 * one half and moved by up to two pixels with zeros moved in.
 */
public final class Batches {
  private static final int MAX_SHIFT = 2;

  private final ImageSet set;
  private final Random random;
  private final int[] order;

  public Batches(ImageSet set, Random random) {
    this.set = set;
    this.random = random;
    this.order = new int[set.size()];
    for (int i = 0; i < order.length; i++) {
      order[i] = i;
    }
  }

  /** One batch, samples as in {@link ImageSet} and one label each. */
  public record Batch(byte[] pixels, long[] labels) {}

  /** Draws a new order for the next epoch. */
  public void shuffle() {
    for (int i = order.length - 1; i > 0; i--) {
      int j = random.nextInt(i + 1);
      int t = order[i];
      order[i] = order[j];
      order[j] = t;
    }
  }

  /** The augmented images at positions from (inclusive) to to (exclusive) of the current order. */
  public Batch augmented(int from, int to) {
    return batch(from, to, true);
  }

  /** The same images as they are. */
  public Batch plain(int from, int to) {
    return batch(from, to, false);
  }

  private Batch batch(int from, int to, boolean augment) {
    int bytes = set.imageBytes();
    byte[] pixels = new byte[(to - from) * bytes];
    long[] labels = new long[to - from];
    for (int i = from; i < to; i++) {
      int at = (i - from) * bytes;
      if (augment) {
        view(order[i] * bytes, pixels, at);
      } else {
        System.arraycopy(set.pixels(), order[i] * bytes, pixels, at, bytes);
      }
      labels[i - from] = set.labels()[order[i]];
    }
    return new Batch(pixels, labels);
  }

  private void view(int source, byte[] target, int at) {
    boolean flip = random.nextBoolean();
    int dx = random.nextInt(2 * MAX_SHIFT + 1) - MAX_SHIFT;
    int dy = random.nextInt(2 * MAX_SHIFT + 1) - MAX_SHIFT;
    int channels = set.channels();
    for (int y = 0; y < set.height(); y++) {
      int sy = y + dy;
      if (sy < 0 || sy >= set.height()) {
        continue;
      }
      for (int x = 0; x < set.width(); x++) {
        int sx = (flip ? set.width() - 1 - x : x) + dx;
        if (sx >= 0 && sx < set.width()) {
          for (int c = 0; c < channels; c++) {
            target[at + (y * set.width() + x) * channels + c] =
                set.pixels()[source + (sy * set.width() + sx) * channels + c];
          }
        }
      }
    }
  }
}
