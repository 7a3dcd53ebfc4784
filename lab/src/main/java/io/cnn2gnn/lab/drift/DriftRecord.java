package io.cnn2gnn.lab.drift;

import io.cnn2gnn.schemas.avro.Prediction;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What one service answered to a stream, by the place of the image in it. */
final class DriftRecord {
  private final DriftStream stream;
  private final Prediction[] answers;
  private int count;

  DriftRecord(DriftStream stream) {
    this.stream = stream;
    this.answers = new Prediction[stream.images().size()];
  }

  /**
   * A change of the model that answers.
   *
   * @param at the first image that the new one answered
   */
  record Change(int at, String model) {}

  void take(Prediction answer) {
    int at = Integer.parseInt(answer.getImageId());
    count += answers[at] == null ? 1 : 0;
    answers[at] = answer;
  }

  int count() {
    return count;
  }

  boolean isWhole() {
    return count == answers.length;
  }

  /** Share of right answers among the unlabelled images from here to there, if there are any. */
  Optional<Double> accuracy(int from, int to) {
    int judged = 0;
    int right = 0;
    for (int i = from; i < Math.min(to, answers.length); i++) {
      DriftStream.Item item = stream.images().get(i);
      if (answers[i] != null && !item.labelled()) {
        judged++;
        right += item.truth().equals(answers[i].getLabel()) ? 1 : 0;
      }
    }
    return judged == 0 ? Optional.empty() : Optional.of((double) right / judged);
  }

  /**
   * In the order of the stream; partitions change a batch or so apart, and the first one counts.
   */
  List<Change> changes() {
    List<Change> changes = new ArrayList<>();
    List<String> seen = new ArrayList<>();
    for (int i = 0; i < answers.length; i++) {
      if (answers[i] != null && !seen.contains(answers[i].getModelVersion())) {
        seen.add(answers[i].getModelVersion());
        changes.add(new Change(i, answers[i].getModelVersion()));
      }
    }
    return changes;
  }
}
