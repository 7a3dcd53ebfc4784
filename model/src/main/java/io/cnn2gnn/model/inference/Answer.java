package io.cnn2gnn.model.inference;

import io.cnn2gnn.model.bundle.ModelCard;
import io.cnn2gnn.model.drift.Observation;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * What the model says of one image.
 *
 * @param label the most probable class
 * @param confidence its probability
 * @param scores classes with their probabilities, most probable first
 * @param neighbours those that moved the answer most first, of each tier with weights that sum to
 *     one at most; of a student with graph layers labelled images first, then the others that its
 *     graph row weighs, heaviest first of both
 * @param distance squared Euclidean distance of its metric vector to that of the nearest prototype,
 *     in [0, 4]: how far it is from all that the model was shown with a label
 * @param row float32 [rowLength]: what a bank keeps of this image; see {@link ModelCard#student()}
 * @param labels what the labelled tier had to do with it
 * @param without what would have been answered without each tier that had a neighbour; of a student
 *     with graph layers, and of an image that a label decided, only without the labelled one
 */
public record Answer(
    String label,
    float confidence,
    List<Score> scores,
    List<Neighbour> neighbours,
    float distance,
    BankRow row,
    Labels labels,
    List<Without> without) {
  /** An answer where nobody has labelled anything. */
  public Answer(
      String label,
      float confidence,
      List<Score> scores,
      List<Neighbour> neighbours,
      float distance,
      BankRow row) {
    this(
        label,
        confidence,
        scores,
        neighbours,
        distance,
        row,
        new Labels(Decision.STUDENT, 0, new Score(label, confidence)),
        List.of());
  }

  /**
   * What the watch over drift looks at: the model alone, whatever it was taught since.
   *
   * @param truth the image's known label, if it has one
   */
  public Observation observation(Optional<String> truth) {
    Score without = labels.without();
    return new Observation(without.label(), without.probability(), distance, truth);
  }

  /** What an answer rests on. */
  public enum Decision {
    /** The model, with its neighbours. */
    STUDENT,
    /** Somebody has labelled this very image. */
    LABEL,
    /** Somebody has labelled an image that is nearly the same. */
    TWIN
  }

  /**
   * What the labelled tier had to do with an answer.
   *
   * @param decidedBy what it rests on
   * @param epoch names the state of the tier
   * @param without what would have been answered without it; of a student with evidence, what the
   *     image alone would have been
   */
  public record Labels(Decision decidedBy, long epoch, Score without) {}

  /**
   * What would have been answered if the neighbours of one tier had said nothing.
   *
   * @param tier which was left out of this image's answer; those of its neighbours stay as they are
   */
  public record Without(Origin tier, Score answer) {}

  /** A class and its probability. */
  public record Score(String label, float probability) {}

  /** Where a neighbour came from. */
  public enum Origin {
    /** The same batch. */
    BATCH,
    /** The recent part of the bank. */
    BANK,
    /** Its labelled tier. */
    LABELLED,
    /** The bundle. */
    PROTOTYPE
  }

  /**
   * A neighbour.
   *
   * @param imageId which image
   * @param weight its share p_ij of the neighbourhood, in (0, 1]
   * @param label its known label, else what was predicted for it
   * @param origin where it came from
   * @param reliability how probable it is that an image at its distance is of its class; of a
   *     student with graph layers only labelled ones have it
   * @param evidence by how much it raised the logarithm of the answer's probability, before all
   *     were made to sum to one; a student with graph layers does not tell
   */
  public record Neighbour(
      String imageId,
      float weight,
      String label,
      Origin origin,
      OptionalDouble reliability,
      OptionalDouble evidence) {
    /** One of a student with graph layers that nobody has labelled. */
    public Neighbour(String imageId, float weight, String label, Origin origin) {
      this(imageId, weight, label, origin, OptionalDouble.empty(), OptionalDouble.empty());
    }
  }
}
