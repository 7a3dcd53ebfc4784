package io.cnn2gnn.model.label;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Random;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

class LabelEvidenceTest {
  private static final Offset<Double> CLOSE = within(1e-9);

  /** P is 1/2 at a distance of 0.1. */
  private static final LabelEvidence EVIDENCE = new LabelEvidence(2, 20, 0.4, 1, 0.001);

  @Test
  void theReliabilityFallsWithTheDistanceAndIsChanceAtLeast() {
    assertThat(EVIDENCE.reliability(0, 10)).isCloseTo(1 / (1 + Math.exp(-2)), CLOSE);
    assertThat(EVIDENCE.reliability(0.1, 10)).isCloseTo(0.5, CLOSE);
    assertThat(EVIDENCE.reliability(3, 10)).isCloseTo(0.1, CLOSE);
    assertThat(new LabelEvidence(50, 1, 1, 1, 0).reliability(0, 10)).isCloseTo(0.98, CLOSE);
  }

  @Test
  void amongManyTheWeightsAreThoseOfFormulaH() {
    // t = 0.3: gaps 0.2, 0.1.
    assertThat(EVIDENCE.weights(new double[] {0.1, 0.2, 0.3}, 2))
        .containsExactly(new double[] {2 / 3.0, 1 / 3.0}, CLOSE);
  }

  @Test
  void amongFewTheRestOfTheWeightIsNobodys() {
    // One row 0.01 within reach of 0.4: its gap is a tenth of the floor of 0.1.
    assertThat(EVIDENCE.weights(new double[] {0.39}, 2)).containsExactly(new double[] {0.1}, CLOSE);
    assertThat(EVIDENCE.weights(new double[] {0.1, 0.39}, 2))
        .containsExactly(new double[] {0.3 / 0.31, 0.01 / 0.31}, CLOSE);
  }

  @Test
  void rowsBeyondReachSayNothing() {
    assertThat(EVIDENCE.weights(new double[] {0.4, 2}, 2)).containsExactly(0, 0);
    assertThat(EVIDENCE.weights(new double[0], 2)).isEmpty();
    assertThat(new LabelEvidence(0, 0, 0, 0, 0).weights(new double[] {0}, 2)).containsExactly(0);
  }

  @Test
  void rowsThatAreAllAlikeShareTheWeight() {
    double[] d = new double[9];
    Arrays.fill(d, 0.05);
    double[] p = EVIDENCE.weights(d, 8);
    assertThat(p).hasSize(8).containsOnly(0.125);
  }

  @Test
  void theEvidenceOfOneNeighbourTurnsChanceIntoItsReliability() {
    double[] logits = new double[4];
    EVIDENCE.add(
        logits, new int[] {2}, new double[] {0.1}, new double[] {1}, new double[] {1, 1, 1, 1});
    double[] logs = LabelEvidence.logProbabilities(logits);
    assertThat(Math.exp(logs[2])).isCloseTo(0.5, CLOSE);
    assertThat(Math.exp(logs[0])).isCloseTo(0.5 / 3, CLOSE);
  }

  @Test
  void aNeighbourAtChanceAddsNothing() {
    double[] logits = {1, 2, 3};
    EVIDENCE.add(
        logits, new int[] {0}, new double[] {3.9}, new double[] {1}, new double[] {1, 1, 1});
    assertThat(logits).containsExactly(new double[] {1, 2, 3}, CLOSE);
  }

  @Test
  void whateverTheDistancesTheWeightsArePositiveAndSumToOneAtMost() {
    Random random = new Random(3);
    for (int round = 0; round < 2000; round++) {
      double scale = Math.pow(10, -random.nextInt(8));
      double[] d = random.doubles(random.nextInt(12)).map(x -> x * scale).sorted().toArray();
      double[] p = EVIDENCE.weights(d, 1 + random.nextInt(9));
      assertThat(Arrays.stream(p).sum()).isLessThanOrEqualTo(1 + 1e-9);
      assertThat(Arrays.stream(p).allMatch(x -> x >= 0 && Double.isFinite(x))).isTrue();
    }
  }
}
