package io.cnn2gnn.model.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.cnn2gnn.model.graph.Ranking;
import io.cnn2gnn.model.torch.Parameter;
import io.cnn2gnn.model.torch.Parameters;
import io.cnn2gnn.model.torch.Script;
import io.cnn2gnn.model.torch.ScriptModule;
import io.cnn2gnn.model.torch.Tensor;
import io.cnn2gnn.model.torch.Torch;
import io.cnn2gnn.model.torch.TorchModule;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Three images, two bank rows; image 0 is a neighbour of itself, image 2 has no neighbour. */
class GraphLayersTest {
  private static final int B = 3;
  private static final int M = 2;
  private static final int FEATURES = 4;
  private static final int METRIC = 2;
  private static final int HIDDEN = 3;
  private static final int CLASSES = 2;
  private static final int ROW = METRIC + HIDDEN + CLASSES;
  private static final long[] INDEX = {0, 4, 3, 0, 1, 1};
  private static final double[] WEIGHT = {0.75, 0.25, 0.6, 0.4, 0, 0};
  private static final long[] KNOWN = {1, 2, 0};
  private static final long[] BANK_KNOWN = {0, 2};
  private static final double[] X = noise(B * FEATURES, 1);
  private static final double[] V = noise(B * METRIC, 2);
  private static final double[] BANK = noise(M * ROW, 3);
  private static final double[] G = noise(B * CLASSES, 4);

  private static double[] noise(int count, long seed) {
    Random random = new Random(seed);
    double[] values = new double[count];
    for (int i = 0; i < count; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return values;
  }

  private static GraphLayers layers(Ranking ranking, boolean labels) {
    return new GraphLayers(Specs.small(ranking, labels));
  }

  /** None of them zero, so that each has a say. */
  private static Map<String, double[]> values(GraphLayers layers) {
    Map<String, double[]> values = new LinkedHashMap<>();
    for (Parameter p : layers.parameters()) {
      int size = Tensor.filled(0, p.shape()).data().length;
      values.put(p.name(), noise(size, p.name().hashCode()));
    }
    return values;
  }

  private static ScriptModule script(GraphLayers layers) {
    Map<String, double[]> values = values(layers);
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    layers
        .parameters()
        .forEach(
            p ->
                tensors.put(
                    p.name(), new Tensor(p.shape(), Differences.floats(values.get(p.name())))));
    return Parameters.of(List.of(layers))
        .define(new ScriptModule(), tensors)
        .methods(layers.scripts());
  }

  private static NDArray[] arguments(NDManager scope, double keep) {
    return new NDArray[] {
      scope.create(Differences.floats(X), new Shape(B, FEATURES)),
      scope.create(Differences.floats(V), new Shape(B, METRIC)),
      scope.create(INDEX, new Shape(B, 2)),
      scope.create(Differences.floats(WEIGHT), new Shape(B, 2)),
      scope.create(KNOWN),
      scope.create(Differences.floats(BANK), new Shape(M, ROW)),
      scope.create(BANK_KNOWN),
      scope.create((float) keep)
    };
  }

  /** The equations: logits [b, classes] and rows [b, row], both flat. */
  private static double[][] expected(Map<String, double[]> t, double keep) {
    double a1 = t.containsKey("gate1") ? keep / (1 + Math.exp(-t.get("gate1")[0])) : keep;
    double a2 = t.containsKey("gate2") ? keep / (1 + Math.exp(-t.get("gate2")[0])) : keep;
    double[] m1 = times(X, t.get("w1"), HIDDEN);
    double[] hidden = spread(m1, HIDDEN, METRIC, a1, t.getOrDefault("labels", new double[0]));
    for (int at = 0; at < hidden.length; at++) {
      hidden[at] = Math.max(0, hidden[at] + t.get("b1")[at % HIDDEN]);
    }
    double[] m2 = times(hidden, t.get("w2"), CLASSES);
    double[] logits = spread(m2, CLASSES, METRIC + HIDDEN, a2, new double[0]);
    for (int at = 0; at < logits.length; at++) {
      logits[at] += t.get("b2")[at % CLASSES];
    }
    double[] rows = new double[B * ROW];
    for (int i = 0; i < B; i++) {
      System.arraycopy(V, i * METRIC, rows, i * ROW, METRIC);
      System.arraycopy(m1, i * HIDDEN, rows, i * ROW + METRIC, HIDDEN);
      System.arraycopy(m2, i * CLASSES, rows, i * ROW + METRIC + HIDDEN, CLASSES);
    }
    return new double[][] {logits, rows};
  }

  private static double[] times(double[] x, double[] w, int out) {
    int in = w.length / out;
    double[] y = new double[x.length / in * out];
    for (int at = 0; at < y.length; at++) {
      for (int k = 0; k < in; k++) {
        y[at] += x[at / out * in + k] * w[k * out + at % out];
      }
    }
    return y;
  }

  /** (1 - a) m_i + a sum_j p_ij (m_j + Y_label(j)); a node without neighbours keeps its own. */
  private static double[] spread(double[] m, int width, int offset, double a, double[] labels) {
    double[] n = new double[m.length];
    for (int i = 0; i < B; i++) {
      double sum = WEIGHT[2 * i] + WEIGHT[2 * i + 1];
      for (int c = 0; c < width; c++) {
        n[i * width + c] = (1 - a * sum) * m[i * width + c];
        for (int at = 2 * i; at < 2 * i + 2; at++) {
          int j = (int) INDEX[at];
          double message = j < B ? m[j * width + c] : BANK[(j - B) * ROW + offset + c];
          long label = j == i ? 0 : j < B ? KNOWN[j] : BANK_KNOWN[j - B];
          double heard = labels.length > 0 ? labels[(int) label * width + c] : 0;
          n[i * width + c] += a * WEIGHT[at] * (message + heard);
        }
      }
    }
    return n;
  }

  @Test
  void logitsAndRowsAreThoseOfTheEquations() {
    for (Ranking ranking : List.of(Ranking.LEARNED, Ranking.LEARNED_WITH_SELF)) {
      for (boolean labels : new boolean[] {true, false}) {
        GraphLayers layers = layers(ranking, labels);
        try (TorchModule module = TorchModule.frozen(script(layers), Torch.device("cpu"));
            NDManager scope = module.newManager()) {
          for (double keep : new double[] {1, 0.5, 0}) {
            NDList out = module.run("layers", arguments(scope, keep));
            double[][] expected = expected(values(layers), keep);
            assertThat(Differences.doubles(out.get(0).toFloatArray()))
                .containsExactly(expected[0], within(1e-5));
            assertThat(Differences.doubles(out.get(1).toFloatArray()))
                .containsExactly(expected[1], within(1e-5));
          }
        }
      }
    }
  }

  @Test
  void gradientsOfEveryParameterAreThoseOfTheEquations() {
    GraphLayers layers = layers(Ranking.LEARNED, true);
    Map<String, double[]> gradients =
        Differences.byAutograd(
            script(layers).methods(Script.of(GraphLayersTest.class, "layers_forward.py")),
            scope ->
                Stream.concat(
                        Stream.of(arguments(scope, 1)),
                        Stream.of(scope.create(Differences.floats(G), new Shape(B, CLASSES))))
                    .toArray(NDArray[]::new));
    Map<String, double[]> values = values(layers);
    assertThat(gradients).containsOnlyKeys(values.keySet());
    values.forEach(
        (name, value) -> {
          double[] expected =
              Differences.of(
                  moved -> {
                    Map<String, double[]> others = new LinkedHashMap<>(values);
                    others.put(name, moved);
                    double[] logits = expected(others, 1)[0];
                    double loss = 0;
                    for (int at = 0; at < logits.length; at++) {
                      loss += G[at] * logits[at];
                    }
                    return loss;
                  },
                  value);
          assertThat(gradients.get(name)).as(name).containsExactly(expected, within(1e-4));
        });
  }
}
