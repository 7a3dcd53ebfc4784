package io.cnn2gnn.model.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.cnn2gnn.model.graph.Ranking;
import io.cnn2gnn.model.torch.Parameters;
import io.cnn2gnn.model.torch.Script;
import io.cnn2gnn.model.torch.ScriptModule;
import io.cnn2gnn.model.torch.Tensor;
import io.cnn2gnn.model.torch.Torch;
import io.cnn2gnn.model.torch.TorchModule;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ProjectionTest {
  private static final double[][] X = {{1, 0, -2, 0.5}, {0.25, 3, 1, -1}};
  private static final double[] W = {1, 0, 2, 1, -1, 1, 0.5, 0.5};
  private static final double[] G = {0.3, -0.7, 1, 0.2};

  private static ScriptModule script(Ranking ranking) {
    Projection projection = new Projection(Specs.small(ranking, false));
    Map<String, Tensor> tensors =
        Map.of("projection", new Tensor(new long[] {4, 2}, Differences.floats(W)));
    return Parameters.of(List.of(projection))
        .define(new ScriptModule(), tensors)
        .methods(projection.scripts());
  }

  private static double[] expected(double[] w) {
    double[] v = new double[4];
    for (int i = 0; i < 2; i++) {
      for (int k = 0; k < 4; k++) {
        v[2 * i] += X[i][k] * w[2 * k];
        v[2 * i + 1] += X[i][k] * w[2 * k + 1];
      }
      double length = Math.hypot(v[2 * i], v[2 * i + 1]);
      v[2 * i] /= length;
      v[2 * i + 1] /= length;
    }
    return v;
  }

  private static NDArray x(NDManager scope) {
    return scope.create(Differences.floats(Plain.flat(X)), new Shape(2, 4));
  }

  @Test
  void isALinearMapToRowsOfLengthOne() {
    try (TorchModule module = TorchModule.frozen(script(Ranking.LEARNED), Torch.device("cpu"));
        NDManager scope = module.newManager()) {
      assertThat(Differences.doubles(module.run("project", x(scope)).head().toFloatArray()))
          .containsExactly(expected(W), within(1e-6));
      NDArray nothing = scope.zeros(new Shape(1, 4));
      assertThat(module.run("project", nothing).head().toFloatArray()).containsExactly(0, 0);
    }
  }

  @Test
  void itsGradientIsThatOfTheEquation() {
    double[] gradient =
        Differences.byAutograd(
                script(Ranking.LEARNED)
                    .methods(Script.of(ProjectionTest.class, "project_forward.py")),
                scope ->
                    new NDArray[] {x(scope), scope.create(Differences.floats(G), new Shape(2, 2))})
            .get("projection");
    double[] expected =
        Differences.of(
            w -> {
              double[] v = expected(w);
              return G[0] * v[0] + G[1] * v[1] + G[2] * v[2] + G[3] * v[3];
            },
            W);
    assertThat(gradient).containsExactly(expected, within(1e-5));
  }

  @Test
  void whereTheRankingIsFixedItIsNoneOfWhatLearns() {
    for (Ranking ranking : Ranking.values()) {
      boolean learns = new Projection(Specs.small(ranking, false)).parameters().get(0).learns();
      assertThat(learns)
          .as(ranking.name())
          .isEqualTo(ranking != Ranking.FROZEN && ranking != Ranking.RANDOM);
    }
  }
}
