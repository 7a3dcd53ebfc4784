package io.cnn2gnn.model.label;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.cnn2gnn.model.bundle.Prototypes;
import io.cnn2gnn.model.torch.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class LabelCalibrationTest {
  private static final int CLASSES = 4;
  private static final int Q = 8;
  private static final int LENGTH = Q + 2 + CLASSES;

  /** Clouds around one corner for each class. */
  private static Prototypes clouds(int size, double spread, double ownLogit, long seed) {
    Random random = new Random(seed);
    List<String> ids = new ArrayList<>();
    List<Integer> labels = new ArrayList<>();
    float[] rows = new float[size * LENGTH];
    for (int i = 0; i < size; i++) {
      int label = i % CLASSES;
      ids.add("p" + i);
      labels.add(label);
      double norm = 0;
      double[] v = new double[Q];
      for (int k = 0; k < Q; k++) {
        v[k] = (k == label ? 1 : 0) + spread * random.nextGaussian();
        norm += v[k] * v[k];
      }
      for (int k = 0; k < Q; k++) {
        rows[i * LENGTH + k] = (float) (v[k] / Math.sqrt(norm));
      }
      for (int c = 0; c < CLASSES; c++) {
        rows[i * LENGTH + Q + 2 + c] = (float) (c == label ? ownLogit : 0);
      }
    }
    return new Prototypes(ids, labels, new Tensor(new long[] {size, LENGTH}, rows));
  }

  private static LabelEvidence learn(Prototypes prototypes) {
    return LabelCalibration.of(prototypes, new float[CLASSES], Q, 4);
  }

  @Test
  void theReliabilityIsTheShareOfSameClassAmongNeighboursAtThatDistance() {
    LabelEvidence evidence = learn(clouds(800, 0.4, 0, 1));
    Prototypes others = clouds(800, 0.4, 0, 2);
    double said = 0;
    double right = 0;
    int pairs = 0;
    float[] rows = others.rows().data();
    for (int i = 0; i < others.size(); i++) {
      int j = nearest(rows, i, others.size());
      said += evidence.reliability(distance(rows, i, j), CLASSES);
      right += others.labels().get(i).equals(others.labels().get(j)) ? 1 : 0;
      pairs++;
    }
    assertThat(said / pairs).isCloseTo(right / pairs, within(0.05));
    assertThat(right / pairs).isBetween(0.5, 0.95);
  }

  private static int nearest(float[] rows, int i, int size) {
    int best = i == 0 ? 1 : 0;
    for (int j = 0; j < size; j++) {
      if (j != i && distance(rows, i, j) < distance(rows, i, best)) {
        best = j;
      }
    }
    return best;
  }

  private static double distance(float[] rows, int i, int j) {
    double closeness = 0;
    for (int k = 0; k < Q; k++) {
      closeness += rows[i * LENGTH + k] * rows[j * LENGTH + k];
    }
    return 2 - 2 * closeness;
  }

  @Test
  void labelsCountMoreForAModelThatKnowsLittleItself() {
    assertThat(learn(clouds(400, 0.15, 0, 3)).strength()).isEqualTo(2);
    assertThat(learn(clouds(400, 0.4, 100, 3)).strength()).isEqualTo(0.5);
  }

  @Test
  void twinsAreNearerThanPrototypesUsuallyAre() {
    LabelEvidence evidence = learn(clouds(400, 0.3, 0, 4));
    assertThat(evidence.twin()).isPositive().isLessThan(evidence.reach() / 16);
  }

  @Test
  void prototypesThatCannotTellTeachNothing() {
    Prototypes strangers = clouds(CLASSES, 0.1, 0, 5);
    LabelEvidence evidence = learn(strangers);
    assertThat(evidence.weights(new double[] {0.01}, 4)).containsExactly(0);
    assertThat(evidence.reliability(0.01, CLASSES)).isFinite();
  }

  @Test
  void theSamePrototypesGiveTheSame() {
    assertThat(learn(clouds(300, 0.3, 1, 6))).isEqualTo(learn(clouds(300, 0.3, 1, 6)));
  }
}
