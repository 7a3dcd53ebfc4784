package io.cnn2gnn.training.fit;

/**
 * How long and how fast to learn: a linear warm-up over the first twentieth of the steps, then half
 * a cosine down to zero.
 *
 * @param epochs passes over the training set, at most; 0 for as many as its size asks for, see
 *     {@link #decided}
 * @param batch images per step
 * @param rate the highest learning rate
 * @param decay decoupled weight decay
 * @param patience stop after so many epochs without a better accuracy on the images held out, and
 *     keep the best; 0 never stops
 */
public record Schedule(int epochs, int batch, float rate, float decay, int patience) {
  public Schedule {
    check(epochs >= 0, "epochs must not be negative", epochs);
    check(batch >= 2, "a batch must have at least 2 images", batch);
    check(rate > 0, "the learning rate must be above 0", rate);
    check(decay >= 0, "the weight decay must not be negative", decay);
    check(patience >= 0, "patience must not be negative", patience);
  }

  private static void check(boolean right, String rule, Number value) {
    if (!right) {
      throw new IllegalArgumentException(rule + ": " + value);
    }
  }

  /**
   * The same with a number of epochs.
   *
   * @param images of the training set
   * @param views that are to be shown in all, where the number is open
   * @param fewest epochs of a large set
   * @param most epochs of a small one
   */
  public Schedule decided(int images, int views, int fewest, int most) {
    return epochs > 0
        ? this
        : new Schedule(
            Math.max(fewest, Math.min(most, views / Math.max(1, images))),
            batch,
            rate,
            decay,
            patience);
  }

  /** The learning rate of a step, counted from 0, of so many. */
  float rate(long step, long steps) {
    return rate(rate, step, steps);
  }

  /** The same of another highest rate. */
  static float rate(float rate, long step, long steps) {
    long warmUp = Math.max(1, steps / 20);
    if (step < warmUp) {
      return rate * (step + 1) / warmUp;
    }
    double progress = Math.min(1.0, (double) (step - warmUp) / Math.max(1, steps - warmUp));
    return (float) (rate * 0.5 * (1 + Math.cos(Math.PI * progress)));
  }
}
