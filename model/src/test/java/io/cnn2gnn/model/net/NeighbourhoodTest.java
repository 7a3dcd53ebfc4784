package io.cnn2gnn.model.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.cnn2gnn.model.graph.Candidates;
import io.cnn2gnn.model.graph.GraphHead;
import io.cnn2gnn.model.graph.Ranking;
import io.cnn2gnn.model.torch.Script;
import io.cnn2gnn.model.torch.ScriptModule;
import io.cnn2gnn.model.torch.Tensor;
import io.cnn2gnn.model.torch.Torch;
import io.cnn2gnn.model.torch.TorchModule;
import org.junit.jupiter.api.Test;

class NeighbourhoodTest {
  /** Angles of vectors of unit length, in degrees. */
  private static final double[] BATCH = {0, 25, 70, 200};

  private static final double[] BANK = {10, 40, 330, 190};

  /** Class + 1, or 0 for unknown. */
  private static final long[] KNOWN = {1, 2, 0, 1};

  private static final long[] BANK_KNOWN = {1, 1, 2, 0};

  /** Of vectors of length one: 2 - 2 <a, b>. */
  private static double distance(double[] a, int i, double[] b, int j) {
    return 2 - 2 * (a[2 * i] * b[2 * j] + a[2 * i + 1] * b[2 * j + 1]);
  }

  /** The mean of -log of what an image's own class has of softmax(-d / 0.1). */
  private static double expected(long[] labels, boolean[] same) {
    return expected(coordinates(BATCH), labels, same);
  }

  private static double expected(double[] v, long[] labels, boolean[] same) {
    double[] bank = coordinates(BANK);
    double loss = 0;
    for (int i = 0; i < BATCH.length; i++) {
      double all = 0;
      double own = 0;
      for (int j = 0; j < BATCH.length + BANK.length; j++) {
        boolean mate = j < BATCH.length;
        int row = j - BATCH.length;
        long known = mate ? KNOWN[j] : BANK_KNOWN[row];
        boolean itself = mate ? j == i : same[i * BANK.length + row];
        if (known != 0 && !itself) {
          double d = mate ? distance(v, i, v, j) : distance(v, i, bank, row);
          double share = Math.exp(-d / 0.1);
          all += share;
          own += known == labels[i] + 1 ? share : 0;
        }
      }
      loss -= own > 0 ? Math.log(own / all) / BATCH.length : 0;
    }
    return loss;
  }

  private static ScriptModule script() {
    return new ScriptModule()
        .methods(new GraphHead(Ranking.LEARNED, 2, Candidates.BOTH).scripts())
        .methods(Script.of(Student.class, "neighbourhood.py"));
  }

  private static double script(long[] labels, boolean[] same) {
    try (TorchModule module = TorchModule.frozen(script(), Torch.device("cpu"));
        NDManager scope = module.newManager()) {
      return module
          .run(
              "neighbourhood",
              scope.create(vectors(BATCH), new Shape(BATCH.length, 2)),
              scope.create(vectors(BANK), new Shape(BANK.length, 2)),
              scope.create(same, new Shape(BATCH.length, BANK.length)),
              scope.create(KNOWN),
              scope.create(BANK_KNOWN),
              scope.create(labels))
          .head()
          .getFloat();
    }
  }

  private static double[] coordinates(double[] degrees) {
    double[] v = new double[2 * degrees.length];
    for (int i = 0; i < degrees.length; i++) {
      v[2 * i] = Math.cos(Math.toRadians(degrees[i]));
      v[2 * i + 1] = Math.sin(Math.toRadians(degrees[i]));
    }
    return v;
  }

  private static float[] vectors(double[] degrees) {
    return Differences.floats(coordinates(degrees));
  }

  @Test
  void isTheNegativeLogOfTheShareOfTheOwnClassInBatchAndBank() {
    boolean[] same = new boolean[BATCH.length * BANK.length];
    long[] labels = {0, 1, 1, 0};
    assertThat(script(labels, same)).isEqualTo(expected(labels, same), within(1e-4));
  }

  @Test
  void anImagesOwnRowInTheBankIsNoCandidate() {
    boolean[] same = new boolean[BATCH.length * BANK.length];
    same[0] = true;
    long[] labels = {0, 1, 1, 0};
    assertThat(script(labels, same)).isEqualTo(expected(labels, same), within(1e-4));
    assertThat(script(labels, same)).isGreaterThan(script(labels, new boolean[same.length]) + 0.01);
  }

  @Test
  void anImageWithoutALabelOrWithoutItsClassAmongTheCandidatesAddsNothing() {
    boolean[] same = new boolean[BATCH.length * BANK.length];
    long[] labels = {-1, 7, 1, 0};
    assertThat(script(labels, same)).isEqualTo(expected(labels, same), within(1e-4));
  }

  @Test
  void itsGradientReachesEveryCandidateAndIsThatOfTheEquation() {
    boolean[] same = new boolean[BATCH.length * BANK.length];
    same[0] = true;
    long[] labels = {0, 1, 1, 0};
    double[] gradient =
        Differences.byAutograd(
                script()
                    .parameter("v", new Tensor(new long[] {BATCH.length, 2}, vectors(BATCH)))
                    .methods(Script.of(NeighbourhoodTest.class, "neighbourhood_forward.py")),
                scope ->
                    new NDArray[] {
                      scope.create(vectors(BANK), new Shape(BANK.length, 2)),
                      scope.create(same, new Shape(BATCH.length, BANK.length)),
                      scope.create(KNOWN),
                      scope.create(BANK_KNOWN),
                      scope.create(labels)
                    })
            .get("v");
    double[] expected = Differences.of(v -> expected(v, labels, same), coordinates(BATCH));
    assertThat(gradient).containsExactly(expected, within(2e-3));
  }
}
