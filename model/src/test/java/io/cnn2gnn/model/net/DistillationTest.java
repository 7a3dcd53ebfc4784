package io.cnn2gnn.model.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.cnn2gnn.model.torch.ScriptModule;
import io.cnn2gnn.model.torch.Torch;
import io.cnn2gnn.model.torch.TorchModule;
import org.junit.jupiter.api.Test;

class DistillationTest {
  private static final double[][] STUDENT = {{1, 2, -1}, {0.5, -0.5, 0.25}};
  private static final double[][] TEACHER = {{3, 1, 0}, {-1, 2, 1}};
  private static final int[] LABELS = {1, 2};

  private static float script(double lambda, double temperature, long... labels) {
    ScriptModule script = new ScriptModule();
    script.methods(Distillation.source());
    script.methods(
        """
          def forward(self: Self, z: Tensor, y: Tensor, t: Tensor, lam: Tensor, temp: Tensor) -> Tensor:
            return (self).distil(z, y, t, lam, temp)
        """);
    try (TorchModule module = TorchModule.frozen(script, Torch.device("cpu"));
        NDManager scope = module.newManager()) {
      return module
          .run(
              "forward",
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
}
