package io.cnn2gnn.training.topic;

import io.cnn2gnn.intake.ImageName;
import java.util.Comparator;
import java.util.Optional;

/**
 * An image as it came, with its label in force.
 *
 * @param label its class, if somebody knows it
 * @param corrected whether somebody said that because he saw a wrong answer
 * @param fraction by which it is held out or not
 * @param samples in the frame of all
 */
record StreamImage(
    ImageName name,
    Optional<String> label,
    boolean corrected,
    double fraction,
    Arrival arrival,
    byte[] samples) {
  static final Comparator<StreamImage> BY_AGE = Comparator.comparing(StreamImage::arrival);

  /** By hash, so that the first ones of a set are a fair sample of it. */
  static final Comparator<StreamImage> BY_HASH =
      Comparator.comparingDouble(StreamImage::fraction)
          .thenComparing(image -> image.name().digest());

  /**
   * The same for those that are learned from. Corrected ones of the held-out share, whose hashes
   * are the lowest, are spread over the others; else they would be the first of every class.
   */
  static Comparator<StreamImage> spread(double heldOut) {
    return Comparator.<StreamImage>comparingDouble(image -> image.place(heldOut))
        .thenComparing(BY_HASH);
  }

  private double place(double heldOut) {
    return fraction >= heldOut ? fraction : heldOut + fraction / heldOut * (1 - heldOut);
  }

  /**
   * Whether it is learned from rather than measured on. What was corrected always is: only wrong
   * answers are corrected, so such images tell nothing of how many are wrong.
   */
  boolean learned(double heldOut) {
    return corrected || fraction >= heldOut;
  }
}
