package io.cnn2gnn.training.fit;

import ai.djl.ndarray.NDArray;
import io.cnn2gnn.training.data.ImageSet;
import io.cnn2gnn.training.teacher.Responder;
import java.util.function.Function;

/** Counts right answers. */
public final class Answers {
  private static final int BATCH = 64;

  private Answers() {}

  /** A teacher's accuracy on labelled images as they are. */
  public static double accuracy(Responder teacher, ImageSet set) {
    return accuracy(teacher::logits, set);
  }

  /** The accuracy of whatever gives the logits of a batch of samples, row by row. */
  static double accuracy(Function<byte[], float[]> answers, ImageSet set) {
    int right = 0;
    for (int from = 0; from < set.size(); from += BATCH) {
      int to = Math.min(set.size(), from + BATCH);
      float[] logits = answers.apply(set.samples(from, to));
      int classes = logits.length / (to - from);
      for (int i = from; i < to; i++) {
        right += best(logits, (i - from) * classes, classes) == set.labels()[i] ? 1 : 0;
      }
    }
    return (double) right / set.size();
  }

  /** The index of the largest of so many values. */
  static int best(float[] values, int from, int count) {
    int best = 0;
    for (int i = 1; i < count; i++) {
      if (values[from + i] > values[from + best]) {
        best = i;
      }
    }
    return best;
  }

  static int right(NDArray logits, long[] labels) {
    float[] values = logits.toFloatArray();
    int classes = values.length / labels.length;
    int right = 0;
    for (int i = 0; i < labels.length; i++) {
      right += best(values, i * classes, classes) == labels[i] ? 1 : 0;
    }
    return right;
  }
}
