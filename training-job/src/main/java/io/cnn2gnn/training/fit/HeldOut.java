package io.cnn2gnn.training.fit;

import io.cnn2gnn.training.data.ImageSet;
import java.util.Locale;

/**
 * Images that a learning curve is measured on after each epoch and that are never learned from.
 *
 * @param split which they are of
 * @param images all labelled, at least one
 */
public record HeldOut(Split split, ImageSet images) {
  /** Where a curve's images come from. */
  public enum Split {
    /** A share of the training images, by which a run may stop early. */
    VALIDATION,
    /** The test images, or some of them, by which nothing is chosen. */
    TEST;

    /** As files and legends call it. */
    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }
}
