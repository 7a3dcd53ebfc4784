package io.cnn2gnn.benchmarks.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDManager;
import io.cnn2gnn.model.image.InputSpec;
import io.cnn2gnn.model.net.Images;
import io.cnn2gnn.model.net.Teacher;
import io.cnn2gnn.model.torch.Torch;
import io.cnn2gnn.model.torch.TorchModule;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class OnnxScorerTest {
  private static final InputSpec GREY = new InputSpec(28, 28, 1, List.of(0.3f), List.of(0.35f));
  private static final InputSpec COLOURED =
      new InputSpec(15, 20, 3, List.of(0.4f, 0.5f, 0.6f), List.of(0.2f, 0.3f, 0.4f));
  private static final int CLASSES = 7;

  static Stream<Teacher.Spec> nets() {
    return Stream.of(
        new Teacher.Spec(GREY, 8, 16, CLASSES), new Teacher.Spec(COLOURED, 14, 32, CLASSES));
  }

  private static byte[] samples(InputSpec input) {
    byte[] samples = new byte[input.bytes()];
    new Random(1).nextBytes(samples);
    return samples;
  }

  /** Channel after channel, in [0, 1]. */
  private static List<Float> point(InputSpec input, byte[] samples) {
    List<Float> point = new ArrayList<>();
    for (int c = 0; c < input.channels(); c++) {
      for (int at = c; at < samples.length; at += input.channels()) {
        point.add((samples[at] & 255) / 255f);
      }
    }
    return point;
  }

  @ParameterizedTest
  @MethodSource("nets")
  void scoresAreTheLogitsOfTheSameNetInTorchScript(Teacher.Spec spec) {
    byte[] samples = samples(spec.input());
    try (TorchModule torch =
            TorchModule.frozen(
                Teacher.serving(spec, Teacher.initial(spec, 1)), Torch.device("cpu"));
        NDManager scope = torch.newManager();
        Scorer onnx = new OnnxScorer(OnnxResNet.of(spec, 1))) {
      float[] expected =
          torch.run("logits", Images.batch(scope, spec.input(), samples)).head().toFloatArray();
      List<List<Float>> scores = onnx.score(List.of(point(spec.input(), samples)));
      assertThat(scores).hasSize(1);
      assertThat(scores.get(0)).hasSize(CLASSES);
      for (int c = 0; c < CLASSES; c++) {
        assertThat(scores.get(0).get(c)).isCloseTo(expected[c], within(1e-4f));
      }
    }
  }

  @Test
  void scoresOfAPointDoNotDependOnTheOthersInItsRecord() {
    Teacher.Spec spec = new Teacher.Spec(GREY, 8, 16, CLASSES);
    List<Float> point = point(GREY, samples(GREY));
    List<Float> dark = point.stream().map(value -> 0f).toList();
    try (Scorer onnx = new OnnxScorer(OnnxResNet.of(spec, 1))) {
      List<Float> alone = onnx.score(List.of(point)).get(0);
      List<List<Float>> together = onnx.score(List.of(dark, point, dark));
      assertThat(together).hasSize(3);
      assertThat(together.get(0)).isEqualTo(together.get(2)).isNotEqualTo(together.get(1));
      for (int c = 0; c < CLASSES; c++) {
        assertThat(together.get(1).get(c)).isFinite().isCloseTo(alone.get(c), within(1e-5f));
      }
    }
  }

  @Test
  void onlyTheCifarFormIsWritten() {
    Teacher.Spec basic = new Teacher.Spec(COLOURED, 18, 16, CLASSES);
    Teacher.Spec bottleneck = new Teacher.Spec(COLOURED, 50, 16, CLASSES);
    for (Teacher.Spec spec : List.of(basic, bottleneck)) {
      assertThatThrownBy(() -> OnnxResNet.of(spec, 1)).hasMessageContaining(spec.name());
    }
  }

  @Test
  void aFileThatIsNoModelIsRefused() {
    assertThatThrownBy(() -> new OnnxScorer(new byte[] {1, 2, 3}))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageStartingWith("ONNX Runtime refuses the model");
  }
}
