package io.cnn2gnn.model.inference;

import io.cnn2gnn.model.bundle.ModelCard;
import io.cnn2gnn.model.drift.Observation;
import java.util.List;
import java.util.Optional;

/**
 * What the model says of one image.
 *
 * @param label the most probable class
 * @param confidence its probability
 * @param scores classes with their probabilities, most probable first
 * @param neighbours the images that its graph row weighs, heaviest first; their weights sum to one
 * @param distance squared Euclidean distance of its metric vector to that of the nearest prototype,
 *     in [0, 4]: how far it is from all that the model was shown with a label
 * @param row float32 [rowLength]: what a bank keeps of this image; see {@link ModelCard#student()}
 */
public record Answer(
    String label,
    float confidence,
    List<Score> scores,
    List<Neighbour> neighbours,
    float distance,
    BankRow row) {
  /**
   * What the watch over drift looks at.
   *
   * @param truth the image's known label, if it has one
   */
  public Observation observation(Optional<String> truth) {
    return new Observation(label, confidence, distance, truth);
  }

  /** A class and its probability. */
  public record Score(String label, float probability) {}

  /** Where a neighbour came from. */
  public enum Origin {
    BATCH,
    BANK,
    PROTOTYPE
  }

  /**
   * A neighbour.
   *
   * @param imageId which image
   * @param weight its share p_ij of the neighbourhood, in (0, 1]
   * @param label its known label, else what was predicted for it
   * @param origin where it came from
   */
  public record Neighbour(String imageId, float weight, String label, Origin origin) {}
}
