package io.cnn2gnn.model.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDManager;
import io.cnn2gnn.model.image.InputSpec;
import io.cnn2gnn.model.torch.Tensor;
import io.cnn2gnn.model.torch.Torch;
import io.cnn2gnn.model.torch.TorchModule;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ResNetTest {
  private static final int IMAGES = 2;
  private static final InputSpec INPUT = new InputSpec(9, 10, 1, List.of(0.5f), List.of(0.25f));

  /** Basic blocks of both forms, and bottlenecks. */
  @ParameterizedTest
  @ValueSource(strings = {"resnet8x16", "resnet18x16", "resnet50x16"})
  void logitsAreThoseOfTheBlocksOneByOne(String name) {
    Teacher.Spec spec = Teacher.Spec.parse(name, INPUT, 3);
    Map<String, Tensor> tensors = Plain.unsettled(Teacher.initial(spec, 2), 5);
    byte[] samples = new byte[IMAGES * INPUT.bytes()];
    new Random(6).nextBytes(samples);
    double[] expected = expected(spec, tensors, samples);
    double largest = 1;
    for (double logit : expected) {
      largest = Math.max(largest, Math.abs(logit));
    }
    try (TorchModule module =
            TorchModule.frozen(Teacher.training(spec, tensors), Torch.device("cpu"));
        NDManager scope = module.newManager()) {
      float[] logits =
          module.run("logits", Images.batch(scope, INPUT, samples)).head().toFloatArray();
      assertThat(Differences.doubles(logits)).containsExactly(expected, within(1e-4 * largest));
    }
  }

  private static double[] expected(Teacher.Spec spec, Map<String, Tensor> t, byte[] samples) {
    boolean imageNet = spec.depth() != 8;
    boolean bottleneck = spec.depth() == 50;
    int[] stages = imageNet ? new int[] {2, 2, 2, 2} : new int[] {1, 1, 1};
    stages = bottleneck ? new int[] {3, 4, 6, 3} : stages;
    double[][][][] x =
        Plain.normalised(
            samples,
            IMAGES,
            INPUT.height(),
            INPUT.width(),
            new float[] {0.5f},
            new float[] {0.25f});
    x = Plain.activated(normed(x, t, "conv", imageNet ? 2 : 1));
    x = imageNet ? Plain.pooled(x) : x;
    for (int stage = 0; stage < stages.length; stage++) {
      for (int b = 0; b < stages[stage]; b++) {
        String name = "s" + stage + "b" + b;
        int stride = stage > 0 && b == 0 ? 2 : 1;
        double[][][][] y = Plain.activated(normed(x, t, name + "_1", bottleneck ? 1 : stride));
        y = normed(y, t, name + "_2", bottleneck ? stride : 1);
        y = bottleneck ? normed(Plain.activated(y), t, name + "_3", 1) : y;
        boolean changes = t.containsKey(name + "_skip");
        x = Plain.activated(y, changes ? normed(x, t, name + "_skip", stride) : x);
      }
    }
    return Plain.flat(Plain.linear(Plain.averaged(x, 1), t.get("w"), t.get("b").data()));
  }

  private static double[][][][] normed(
      double[][][][] x, Map<String, Tensor> tensors, String name, int stride) {
    return Plain.normed(x, tensors, name, stride, Plain.running(tensors, name));
  }
}
