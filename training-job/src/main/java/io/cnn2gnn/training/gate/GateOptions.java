package io.cnn2gnn.training.gate;

/**
 * How much worse a candidate may be.
 *
 * @param tolerance by how much its accuracies may be lower, in [0, 1]
 * @param maxSlowdown how many times the active model's milliseconds it may take, at least 1
 * @param whenTooFew what becomes of it where the images held out are too few for the tolerance
 * @param seed of the order in which images are batched
 */
public record GateOptions(double tolerance, double maxSlowdown, WhenTooFew whenTooFew, long seed) {
  /**
   * Half a point of accuracy and twice the time. Where nobody can tell, a candidate: a training is
   * not thrown away for want of images, and what is not known to be as good does not answer before
   * it was tried in the shadow, on more images than were held out.
   */
  public static final GateOptions DEFAULT = new GateOptions(0.005, 2.0, WhenTooFew.CANDIDATE, 1);

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
