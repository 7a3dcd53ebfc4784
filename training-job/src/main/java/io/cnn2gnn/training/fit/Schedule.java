package io.cnn2gnn.training.fit;

import ai.djl.training.optimizer.Optimizer;
import ai.djl.training.tracker.Tracker;

/**
 * How long and how fast to learn: a linear warm-up over the first twentieth of the steps, then half
 * a cosine down to zero.
 *
 * @param epochs passes over the training set
 * @param batch images per step
 * @param rate the highest learning rate
 * @param decay decoupled weight decay
 */
public record Schedule(int epochs, int batch, float rate, float decay) {
  public Schedule {
    if (epochs < 1 || batch < 2 || !(rate > 0) || !(decay >= 0)) {
      throw new IllegalArgumentException(
          "a schedule needs at least one epoch, batches of two and a positive rate");
    }
  }

  Optimizer optimizer(int steps) {
    int warmUp = Math.max(1, steps / 20);
    Tracker cosine =
        step -> {
          double progress = Math.min(1.0, (double) (step - warmUp) / Math.max(1, steps - warmUp));
          return step < warmUp
              ? rate * step / warmUp
              : (float) (rate * 0.5 * (1 + Math.cos(Math.PI * progress)));
        };
    return Optimizer.adamW().optLearningRateTracker(cosine).optWeightDecays(decay).build();
  }
}
