package io.cnn2gnn.model.inference;

import io.cnn2gnn.model.inference.Answer.Decision;
import io.cnn2gnn.model.inference.Answer.Neighbour;
import io.cnn2gnn.model.inference.Answer.Origin;
import io.cnn2gnn.model.inference.Answer.Score;
import io.cnn2gnn.model.label.LabelledRow;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;

/**
 * An answer by a label, of the very image or of one that is nearly the same.
 *
 * @param row that decides
 * @param sure how sure its label is
 */
record Decided(Decision by, LabelledRow row, float sure) {
  /** How sure the label of a twin is. */
  private static final float TWIN = 0.98f;

  /** By the image's own label. */
  static Decided byLabel(LabelledRow row) {
    return new Decided(Decision.LABEL, row, 1);
  }

  /** By the label of another image that is nearly the same. */
  static Decided byTwin(LabelledRow row) {
    return new Decided(Decision.TWIN, row, TWIN);
  }

  /**
   * The scores, most probable first.
   *
   * @param own those without the label
   */
  List<Score> scores(List<Score> own) {
    List<Score> scores = new ArrayList<>();
    float rest = 1 - sure;
    float same = 0;
    for (Score score : own) {
      if (score.label().equals(row.label())) {
        same = score.probability();
      } else {
        scores.add(new Score(score.label(), rest * score.probability()));
      }
    }
    scores.add(0, new Score(row.label(), sure + rest * same));
    return scores;
  }

  /** The image whose label it is. */
  Neighbour neighbour() {
    return new Neighbour(
        row.imageId(),
        1,
        row.label(),
        Origin.LABELLED,
        OptionalDouble.of(sure),
        OptionalDouble.empty());
  }
}
