package io.cnn2gnn.model.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.cnn2gnn.model.torch.Script;
import io.cnn2gnn.model.torch.ScriptModule;
import io.cnn2gnn.model.torch.Tensor;
import io.cnn2gnn.model.torch.Torch;
import io.cnn2gnn.model.torch.TorchModule;
import java.util.Random;
import org.junit.jupiter.api.Test;

class GraphHeadTest {
  private record Row(long[] index, float[] weight) {}

  /** The head's methods, those of the files here besides. */
  private static ScriptModule script(
      Ranking ranking, int s, Candidates candidates, String... files) {
    ScriptModule script = new ScriptModule();
    script.methods(new GraphHead(ranking, s, candidates).scripts());
    for (String file : files) {
      script.methods(Script.of(GraphHeadTest.class, file));
    }
    return script;
  }

  /** Weighs one row of distances, all of them candidates, through the script. */
  private static Row weigh(int s, float... distances) {
    ScriptModule script = script(Ranking.LEARNED, s, Candidates.BANK, "split.py");
    try (TorchModule module = TorchModule.frozen(script, Torch.device("cpu"));
        NDManager scope = module.newManager()) {
      NDList out = module.run("split", scope.create(distances, new Shape(1, distances.length)));
      return new Row(out.get(0).toLongArray(), out.get(1).toFloatArray());
    }
  }

  @Test
  void givesTheWorkedVectorOfThePaper() {
    Row row = weigh(3, 0, 1, 2, 4, 7);
    assertThat(row.index()).containsExactly(0, 1, 2);
    assertThat(row.weight()).containsExactly(new float[] {4 / 9f, 3 / 9f, 2 / 9f}, within(1e-6f));
  }

  @Test
  void givesTheWorkedVectorWithSelfExcluded() {
    Row row = weigh(2, 1, 2, 4, 7);
    assertThat(row.index()).containsExactly(0, 1);
    assertThat(row.weight()).containsExactly(new float[] {3 / 5f, 2 / 5f}, within(1e-6f));
  }

  @Test
  void isUniformOverTheLowestIndicesWhenAllDistancesAreEqual() {
    Row row = weigh(3, 2, 2, 2, 2, 2, 2);
    assertThat(row.index()).containsExactly(0, 1, 2);
    assertThat(row.weight()).containsExactly(new float[] {1 / 3f, 1 / 3f, 1 / 3f}, within(1e-6f));
  }

  @Test
  void isUniformOverTheLowestIndicesAmongMoreDuplicatesThanNeighbours() {
    Row row = weigh(2, 3, 0, 0, 1, 0, 0);
    assertThat(row.index()).containsExactly(1, 2);
    assertThat(row.weight()).containsExactly(new float[] {0.5f, 0.5f}, within(1e-6f));
  }

  @Test
  void usesOneNeighbourFewerThanCandidatesWhenTheyAreScarce() {
    Row row = weigh(5, 1, 2, 4);
    assertThat(row.index()).containsExactly(0, 1);
    assertThat(row.weight()).containsExactly(new float[] {3 / 5f, 2 / 5f}, within(1e-6f));
  }

  @Test
  void givesASingleCandidateAllTheWeight() {
    Row row = weigh(5, 3);
    assertThat(row.index()).containsExactly(0);
    assertThat(row.weight()).containsExactly(1f);
  }

  @Test
  void rowsSumToOneWithAtMostSNonZerosForAnyDistances() {
    Random random = new Random(7);
    for (int trial = 0; trial < 300; trial++) {
      int s = 1 + random.nextInt(8);
      float[] d = new float[1 + random.nextInt(20)];
      for (int i = 0; i < d.length; i++) {
        // Few distinct values, so that ties and flat rows are common.
        d[i] = random.nextInt(4) * (random.nextBoolean() ? 1f : 1e-4f);
      }
      Row row = weigh(s, d);
      float sum = 0;
      for (float w : row.weight()) {
        assertThat(w).isBetween(0f, 1f);
        sum += w;
      }
      assertThat(sum).isEqualTo(1f, within(1e-5f));
      assertThat(row.weight().length).isLessThanOrEqualTo(s);
      assertThat(row.index()).doesNotHaveDuplicates();
    }
  }

  @Test
  void amongThousandsOfCandidatesItFindsTheVeryNearest() {
    Random random = new Random(11);
    for (int n : new int[] {4097, 4098, 5000, 8194}) {
      float[] d = new float[n];
      for (int i = 0; i < n; i++) {
        d[i] = 0.1f + 3 * random.nextFloat();
      }
      // Some within one group, one in the batch, one at the end that fills no group.
      int[] nearest = {n - 1, 700, 1, 701, 702, 2500};
      for (int i = 0; i < nearest.length; i++) {
        d[nearest[i]] = 0.01f * (i + 1);
      }
      assertThat(weigh(5, d).index()).containsExactly(n - 1, 700, 1, 701, 702);
    }
  }

  /** dL/dd for L = sum_j g_j p_j, where g is given by column. */
  private static float[] gradient(int s, float[] distances, float[] g) {
    ScriptModule script =
        script(Ranking.LEARNED, s, Candidates.BANK, "split.py", "weighted_sum.py")
            .parameter("d", new Tensor(new long[] {1, distances.length}, distances));
    float[] result = new float[distances.length];
    try (TorchModule module = TorchModule.trainable(script, Torch.device("cpu"));
        NDManager scope = module.newManager()) {
      module.step(
          (name, weight, gradient) ->
              System.arraycopy(gradient.toFloatArray(), 0, result, 0, result.length),
          scope.create(g, new Shape(1, g.length)));
    }
    return result;
  }

  @Test
  void givesTheWorkedGradientOfThePaperThroughTheThresholdToo() {
    float[] d = gradient(3, new float[] {0, 1, 2, 4, 7}, new float[] {1, 0, 0, 0, 0});
    assertThat(d)
        .containsExactly(new float[] {-5 / 81f, 4 / 81f, 4 / 81f, -3 / 81f, 0}, within(1e-6f));
  }

  @Test
  void neitherValueNorGradientFeelAShiftAndScaleOfTheDistances() {
    Random random = new Random(13);
    for (int trial = 0; trial < 30; trial++) {
      float[] d = new float[12];
      float[] moved = new float[12];
      float[] g = new float[12];
      for (int i = 0; i < d.length; i++) {
        d[i] = random.nextFloat() * 4;
        moved[i] = 2 * d[i] + 3;
        g[i] = (float) random.nextGaussian();
      }
      assertThat(weigh(4, moved).weight()).containsExactly(weigh(4, d).weight(), within(1e-4f));
      float[] gradient = gradient(4, d, g);
      double sum = 0;
      double along = 0;
      double size = 0;
      for (int i = 0; i < d.length; i++) {
        sum += gradient[i];
        along += gradient[i] * d[i];
        size += Math.abs(gradient[i]);
      }
      assertThat(sum).isEqualTo(0, within(1e-5 * (1 + size)));
      assertThat(along).isEqualTo(0, within(1e-5 * (1 + 4 * size)));
    }
  }

  @Test
  void flatRowsHaveNoGradientAndNoFiniteDistanceGivesNaN() {
    assertThat(gradient(3, new float[] {2, 2, 2, 2, 2}, new float[] {1, 2, 3, 4, 5}))
        .containsExactly(new float[5], within(0f));
    for (float scale : new float[] {0f, 1e-30f, 1e-10f, 1f, 1e10f, 1e30f}) {
      float[] d = {0, scale, scale, 3 * scale, 3 * scale, 5 * scale};
      assertThat(weigh(2, d).weight()).doesNotContain(Float.NaN);
      for (float v : gradient(2, d, new float[] {1, -1, 1, -1, 1, -1})) {
        assertThat(v).isFinite();
      }
    }
  }

  /** Neighbours of rows of unit length on the circle, given by their angles in degrees. */
  private static NDList neighbours(
      NDManager scope, TorchModule module, float[] batch, float[] bank, boolean... ownRows) {
    boolean[] same = new boolean[batch.length * bank.length];
    System.arraycopy(ownRows, 0, same, 0, ownRows.length);
    return module.run(
        "neighbours",
        circle(scope, batch),
        circle(scope, bank),
        ownRows.length == 0
            ? scope.create(new boolean[0], new Shape(0, 0))
            : scope.create(same, new Shape(batch.length, bank.length)));
  }

  private static NDArray circle(NDManager scope, float[] degrees) {
    float[] v = new float[2 * degrees.length];
    for (int i = 0; i < degrees.length; i++) {
      v[2 * i] = (float) Math.cos(Math.toRadians(degrees[i]));
      v[2 * i + 1] = (float) Math.sin(Math.toRadians(degrees[i]));
    }
    return scope.create(v, new Shape(degrees.length, 2));
  }

  private static TorchModule chooser(Ranking ranking, int s, Candidates candidates) {
    return TorchModule.frozen(script(ranking, s, candidates), Torch.device("cpu"));
  }

  @Test
  void candidatesAreTheBatchTheBankOrBothAndANodeIsNotItsOwn() {
    float[] batch = {0, 10, 90};
    float[] bank = {1, 12, 95, 200};
    long[][] expected = {{1, 0, 1}, {3, 4, 5}, {3, 4, 5}};
    int row = 0;
    for (Candidates candidates : Candidates.values()) {
      try (TorchModule module = chooser(Ranking.LEARNED, 1, candidates);
          NDManager scope = module.newManager()) {
        assertThat(neighbours(scope, module, batch, bank).get(0).toLongArray())
            .as(candidates.name())
            .containsExactly(expected[row++]);
      }
    }
  }

  @Test
  void anImagesOwnRowInTheBankIsNoCandidate() {
    try (TorchModule module = chooser(Ranking.LEARNED, 1, Candidates.BANK);
        NDManager scope = module.newManager()) {
      float[] batch = {0, 90};
      float[] bank = {0, 5, 90, 99};
      assertThat(
              neighbours(scope, module, batch, bank, true, false, false, false)
                  .get(0)
                  .toLongArray())
          .containsExactly(3, 4);
    }
  }

  @Test
  void withSelfInTheRankingANodeIsItsOwnNearest() {
    for (Candidates candidates : Candidates.values()) {
      try (TorchModule module = chooser(Ranking.LEARNED_WITH_SELF, 2, candidates);
          NDManager scope = module.newManager()) {
        NDList out =
            neighbours(scope, module, new float[] {0, 40, 90}, new float[] {7, 50, 99, 200});
        long[] index = out.get(0).toLongArray();
        float[] weight = out.get(1).toFloatArray();
        for (int i = 0; i < 3; i++) {
          assertThat(index[2 * i]).isEqualTo(i);
          assertThat(weight[2 * i]).isGreaterThan(weight[2 * i + 1]);
          assertThat(weight[2 * i] + weight[2 * i + 1]).isEqualTo(1f, within(1e-6f));
        }
      }
    }
  }

  @Test
  void randomNeighboursIgnoreTheDistanceAndDoNotHangOnTheBatch() {
    float[] batch = new float[40];
    float[] bank = new float[60];
    Random random = new Random(3);
    for (int i = 0; i < bank.length; i++) {
      bank[i] = random.nextFloat() * 360;
    }
    for (int i = 0; i < batch.length; i++) {
      batch[i] = random.nextFloat() * 360;
    }
    try (TorchModule learned = chooser(Ranking.LEARNED, 1, Candidates.BANK);
        TorchModule hashed = chooser(Ranking.RANDOM, 1, Candidates.BANK);
        NDManager scope = hashed.newManager()) {
      long[] near = neighbours(scope, learned, batch, bank).get(0).toLongArray();
      long[] drawn = neighbours(scope, hashed, batch, bank).get(0).toLongArray();
      long[] alone = neighbours(scope, hashed, new float[] {batch[7]}, bank).get(0).toLongArray();
      assertThat(alone[0] - 1).isEqualTo(drawn[7] - batch.length);
      int agree = 0;
      for (int i = 0; i < near.length; i++) {
        agree += near[i] == drawn[i] ? 1 : 0;
      }
      assertThat(agree).isLessThan(10);
      assertThat(java.util.Arrays.stream(drawn).distinct().count()).isGreaterThan(5);
    }
  }
}
