package io.cnn2gnn.benchmarks.pipeline;

import java.util.Collections;
import java.util.List;

/** What the adapter calls for each record: values of data points in, scores of classes out. */
interface Scorer extends AutoCloseable {
  List<List<Float>> score(List<List<Float>> points);

  @Override
  void close();

  /** Where the highest score is. */
  static int best(float[] scores) {
    int best = 0;
    for (int i = 1; i < scores.length; i++) {
      best = scores[i] > scores[best] ? i : best;
    }
    return best;
  }

  /** Answers at once. */
  static Scorer withoutModel(int classes) {
    List<List<Float>> scores = List.of(Collections.nCopies(classes, 0.1f));
    return new Scorer() {
      @Override
      public List<List<Float>> score(List<List<Float>> points) {
        return scores;
      }

      @Override
      public void close() {
        // Nothing is held.
      }
    };
  }
}
