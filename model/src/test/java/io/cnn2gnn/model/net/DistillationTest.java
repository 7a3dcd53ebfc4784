package io.cnn2gnn.model.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.cnn2gnn.model.torch.Script;
import io.cnn2gnn.model.torch.ScriptModule;
import io.cnn2gnn.model.torch.Tensor;
import io.cnn2gnn.model.torch.Torch;
import io.cnn2gnn.model.torch.TorchModule;
import org.junit.jupiter.api.Test;

class DistillationTest {
  private static final double[][] STUDENT = {{1, 2, -1}, {0.5, -0.5, 0.25}};
  private static final double[][] TEACHER = {{3, 1, 0}, {-1, 2, 1}};
  private static final int[] LABELS = {1, 2};

  private static float script(double lambda, double temperature, long... labels) {
    ScriptModule script = new ScriptModule().methods(Script.of(Student.class, "distillation.py"));
    try (TorchModule module = TorchModule.frozen(script, Torch.device("cpu"));
        NDManager scope = module.newManager()) {
      return module
          .run(
              "distil",
              scope.create(new float[] {1, 2, -1, 0.5f, -0.5f, 0.25f}, new Shape(2, 3)),
              scope.create(labels),
              scope.create(new float[] {3, 1, 0, -1, 2, 1}, new Shape(2, 3)),
              scope.create((float) lambda),
              scope.create((float) temperature))
          .head()
          .getFloat();
    }
  }

  private static double[] softmax(double[] z, double temperature) {
    double[] p = new double[z.length];
    double sum = 0;
    for (int i = 0; i < z.length; i++) {
      p[i] = Math.exp(z[i] / temperature);
      sum += p[i];
    }
    for (int i = 0; i < z.length; i++) {
      p[i] /= sum;
    }
    return p;
  }

  private static double expected(double lambda, double t) {
    double hard = 0;
    double soft = 0;
    for (int i = 0; i < 2; i++) {
      hard -= Math.log(softmax(STUDENT[i], 1)[LABELS[i]]) / 2;
      double[] p = softmax(TEACHER[i], t);
      double[] q = softmax(STUDENT[i], t);
      for (int c = 0; c < 3; c++) {
        soft += p[c] * Math.log(p[c] / q[c]) / 2;
      }
    }
    return (1 - lambda) * hard + lambda * t * t * soft;
  }

  @Test
  void isTheBlendOfCrossEntropyAndTemperedDivergence() {
    for (double lambda : new double[] {0, 0.3, 0.9, 1}) {
      for (double temperature : new double[] {1, 2, 4}) {
        assertThat((double) script(lambda, temperature, 1, 2))
            .isEqualTo(expected(lambda, temperature), within(1e-5));
      }
    }
  }

  @Test
  void anUnlabelledImageLearnsFromTheTeacherAlone() {
    double[] p = softmax(TEACHER[1], 2);
    double[] q = softmax(STUDENT[1], 2);
    double soft = 0;
    for (int c = 0; c < 3; c++) {
      soft += p[c] * Math.log(p[c] / q[c]);
    }
    double hard = -Math.log(softmax(STUDENT[0], 1)[1]);
    assertThat((double) script(0, 2, 1, -1)).isEqualTo((hard + 4 * soft) / 2, within(1e-5));
  }

  /**
   * (1 - lambda) (softmax(z) - y) + lambda T (softmax(z / T) - softmax(z_T / T)), over the batch.
   */
  @Test
  void itsGradientIsThatOfTheEquation() {
    double lambda = 0.3;
    double t = 2;
    ScriptModule script =
        new ScriptModule()
            .parameter(
                "logits", new Tensor(new long[] {2, 3}, new float[] {1, 2, -1, 0.5f, -0.5f, 0.25f}))
            .methods(Script.of(Student.class, "distillation.py"))
            .methods(Script.of(DistillationTest.class, "distil_forward.py"));
    double[] gradient =
        Differences.byAutograd(
                script,
                scope ->
                    new NDArray[] {
                      scope.create(new long[] {1, 2}),
                      scope.create(new float[] {3, 1, 0, -1, 2, 1}, new Shape(2, 3)),
                      scope.create((float) lambda),
                      scope.create((float) t)
                    })
            .get("logits");
    double[] expected = new double[6];
    for (int i = 0; i < 2; i++) {
      for (int c = 0; c < 3; c++) {
        double hard = softmax(STUDENT[i], 1)[c] - (LABELS[i] == c ? 1 : 0);
        double soft = t * (softmax(STUDENT[i], t)[c] - softmax(TEACHER[i], t)[c]);
        expected[3 * i + c] = ((1 - lambda) * hard + lambda * soft) / 2;
      }
    }
    assertThat(gradient).containsExactly(expected, within(1e-6));
  }
}
