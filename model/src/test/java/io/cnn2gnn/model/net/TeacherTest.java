package io.cnn2gnn.model.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDManager;
import io.cnn2gnn.model.image.InputSpec;
import io.cnn2gnn.model.torch.Tensor;
import io.cnn2gnn.model.torch.Torch;
import io.cnn2gnn.model.torch.TorchModule;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TeacherTest {
  private static InputSpec input(int side) {
    return new InputSpec(side, side, 3, List.of(0.5f, 0.5f, 0.5f), List.of(0.2f, 0.2f, 0.2f));
  }

  private static Teacher.Spec spec(String name, int side, int classes) {
    return Teacher.Spec.parse(name, input(side), classes);
  }

  private static long parameters(Teacher.Spec spec) {
    return Teacher.initial(spec, 1).entrySet().stream()
        .filter(e -> !e.getKey().contains("_running_"))
        .mapToLong(e -> e.getValue().data().length)
        .sum();
  }

  /** Published sizes; ours have projections where the CIFAR paper pads with zeros. */
  @Test
  void theFamilyHasThePublishedSizes() {
    assertThat(parameters(spec("resnet18", 224, 1000))).isEqualTo(11_689_512);
    assertThat(parameters(spec("resnet34", 224, 1000))).isEqualTo(21_797_672);
    assertThat(parameters(spec("resnet50", 224, 1000))).isEqualTo(25_557_032);
    assertThat(parameters(spec("resnet101", 224, 1000))).isEqualTo(44_549_160);
    assertThat(parameters(spec("resnet152", 224, 1000))).isEqualTo(60_192_808);
    assertThat(parameters(spec("resnet20", 32, 10))).isEqualTo(269_722 + 2_752);
    assertThat(Teacher.macs(spec("resnet18", 224, 1000))).isBetween(1_810_000_000L, 1_830_000_000L);
    assertThat(Teacher.macs(spec("resnet50", 224, 1000))).isBetween(4_080_000_000L, 4_120_000_000L);
    assertThat(Teacher.macs(spec("resnet20", 32, 10))).isBetween(40_500_000L, 41_000_000L);
  }

  @Test
  void foldingTheBatchNormDoesNotChangeTheAnswers() {
    for (String name : List.of("resnet8x16", "resnet18x16", "resnet50x16")) {
      Teacher.Spec spec = spec(name, 33, 5);
      Map<String, Tensor> tensors = new LinkedHashMap<>(Teacher.initial(spec, 3));
      Random random = new Random(8);
      tensors.replaceAll(
          (key, t) -> {
            float[] data = t.data().clone();
            for (int i = 0; i < data.length && key.contains("_"); i++) {
              data[i] = key.endsWith("_var") ? 0.5f + random.nextFloat() : data[i];
              data[i] += key.endsWith("_mean") ? (float) random.nextGaussian() / 9 : 0;
            }
            return new Tensor(t.shape(), data);
          });
      byte[] pixels = new byte[2 * spec.input().bytes()];
      random.nextBytes(pixels);
      try (TorchModule plain =
              TorchModule.frozen(Teacher.training(spec, tensors), Torch.device("cpu"));
          TorchModule folded =
              TorchModule.frozen(Teacher.serving(spec, tensors), Torch.device("cpu"));
          NDManager scope = plain.newManager()) {
        float[] a =
            plain.run("logits", Images.batch(scope, spec.input(), pixels)).head().toFloatArray();
        float[] b =
            folded.run("logits", Images.batch(scope, spec.input(), pixels)).head().toFloatArray();
        float largest = 1;
        for (float logit : a) {
          largest = Math.max(largest, Math.abs(logit));
        }
        assertThat(b).as(name).hasSize(10).containsExactly(a, within(1e-4f * largest));
      }
    }
  }

  /** oneDNN's 1x1 convolutions end the process at some of these sizes. */
  @ParameterizedTest
  @CsvSource({"resnet50x32, 84", "resnet8x10, 32", "resnet18x24, 40"})
  void everySizeLearns(String name, int side) {
    Teacher.Spec spec = spec(name, side, 5);
    byte[] pixels = new byte[8 * spec.input().bytes()];
    new Random(4).nextBytes(pixels);
    Map<String, Boolean> finite = new HashMap<>();
    try (TorchModule module =
            TorchModule.trainable(
                Teacher.training(spec, Teacher.initial(spec, 3)), Torch.device("cpu"));
        NDManager scope = module.newManager()) {
      module.step(
          (tensor, weight, gradient) ->
              finite.put(tensor, Float.isFinite(gradient.abs().sum().getFloat())),
          Images.batch(scope, spec.input(), pixels),
          scope.create(new long[] {0, 1, 2, 3, 4, 0, 1, 2}));
    }
    assertThat(finite).containsKeys("s0b0_1", "s1b0_skip", "w").doesNotContainValue(false);
  }

  @Test
  void namesThatAreNoneOfTheFamilyAreRefused() {
    assertThatThrownBy(() -> spec("vgg16", 32, 10)).hasMessageContainingAll("vgg16", ".onnx");
    assertThatThrownBy(() -> spec("resnet21", 32, 10)).hasMessageContainingAll("21", "6n + 2");
    assertThat(spec("resnet18", 32, 10).name()).isEqualTo("resnet18x64");
    assertThat(spec("resnet56", 32, 10).name()).isEqualTo("resnet56x16");
  }
}
