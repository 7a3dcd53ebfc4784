package io.cnn2gnn.training.gate;

/**
 * How much worse a candidate may be.
 *
 * @param tolerance by how much its accuracies may be lower, in [0, 1]; a small set held out tells
 *     no less apart
 * @param maxSlowdown how many times the active model's milliseconds it may take, at least 1
 * @param seed of the order in which images are batched
 */
public record GateOptions(double tolerance, double maxSlowdown, long seed) {
  /** Half a point of accuracy and twice the time. */
  public static final GateOptions DEFAULT = new GateOptions(0.005, 2.0, 1);

  public GateOptions {
    if (!(tolerance >= 0 && tolerance <= 1) || !(maxSlowdown >= 1)) {
      throw new IllegalArgumentException(
          "a gate needs a tolerance in [0, 1] and a slowdown of at least 1: "
              + tolerance
              + ", "
              + maxSlowdown);
    }
  }
}
