package io.cnn2gnn.model.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.cnn2gnn.model.image.InputSpec;
import io.cnn2gnn.model.torch.Parameters;
import io.cnn2gnn.model.torch.Script;
import io.cnn2gnn.model.torch.ScriptModule;
import io.cnn2gnn.model.torch.Tensor;
import io.cnn2gnn.model.torch.Torch;
import io.cnn2gnn.model.torch.TorchModule;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class StemTest {
  private static final float[] MEAN = {0.5f, 0.4f, 0.3f};
  private static final float[] DEVIATION = {0.25f, 0.2f, 0.3f};
  private static final InputSpec INPUT =
      new InputSpec(7, 9, 3, List.of(0.5f, 0.4f, 0.3f), List.of(0.25f, 0.2f, 0.3f));

  /** The second keeps the shape of its input; the third has a kernel of five. */
  private static final Stem STEM =
      new Stem(
          INPUT,
          new Convolutions(
              List.of(
                  new Conv("conv0", 3, 5, 3, 2),
                  new Conv("conv1", 5, 5, 3, 1),
                  new Conv("conv2", 5, 4, 5, 3))),
          2);

  private static final Map<String, Tensor> TENSORS =
      Plain.unsettled(Parameters.of(List.of(STEM.convolutions())).initial(3), 4);

  private static byte[] samples(int images) {
    byte[] samples = new byte[images * INPUT.bytes()];
    new Random(6).nextBytes(samples);
    return samples;
  }

  private static ScriptModule script(boolean folded) {
    ScriptModule module = Normalisation.define(new ScriptModule(), INPUT);
    if (folded) {
      STEM.convolutions().folded(module, TENSORS);
    } else {
      Parameters.of(List.of(STEM.convolutions())).define(module, TENSORS);
      STEM.convolutions().normed(module);
    }
    return module.methods(STEM.script(folded));
  }

  private static double[] expected(int images, boolean byBatch) {
    double[][][][] x =
        Plain.normalised(samples(images), images, INPUT.height(), INPUT.width(), MEAN, DEVIATION);
    x = Plain.activated(normed(x, "conv0", 2, byBatch));
    x = Plain.activated(normed(x, "conv1", 1, byBatch), x);
    x = Plain.activated(normed(x, "conv2", 3, byBatch));
    return Plain.flat(Plain.averaged(x, 2));
  }

  private static double[][][][] normed(double[][][][] x, String name, int stride, boolean byBatch) {
    return Plain.normed(
        x, TENSORS, name, stride, byBatch ? Plain::ofBatch : Plain.running(TENSORS, name));
  }

  private static double[] run(ScriptModule script, int images) {
    try (TorchModule module = TorchModule.frozen(script, Torch.device("cpu"));
        NDManager scope = module.newManager()) {
      NDArray batch = Images.batch(scope, INPUT, samples(images));
      return Differences.doubles(module.run("embed", batch).head().toFloatArray());
    }
  }

  @Test
  void convolvesNormsByTheRunningStatisticsAndAverages() {
    assertThat(run(script(false), 3)).containsExactly(expected(3, false), within(1e-4));
  }

  @Test
  void foldedItIsTheSameForManyImagesAndForOne() {
    for (int images : new int[] {1, 2, 5}) {
      assertThat(run(script(true), images)).containsExactly(expected(images, false), within(1e-4));
    }
  }

  @Test
  void inTrainingItNormsByTheBatchAndMovesTheRunningStatisticsByATenth() {
    ScriptModule script = script(false).methods(Script.of(StemTest.class, "embed_forward.py"));
    try (TorchModule module = TorchModule.trainable(script, Torch.device("cpu"));
        NDManager scope = module.newManager()) {
      NDArray x = module.step((name, w, g) -> {}, Images.batch(scope, INPUT, samples(4))).get(1);
      assertThat(Differences.doubles(x.toFloatArray()))
          .containsExactly(expected(4, true), within(1e-3));
      double[][][][] z =
          Plain.normalised(samples(4), 4, INPUT.height(), INPUT.width(), MEAN, DEVIATION);
      Map<String, Tensor> plain = new HashMap<>(TENSORS);
      plain.put("conv0_gamma", Tensor.filled(1, 5));
      plain.put("conv0_beta", Tensor.filled(0, 5));
      double[][][][] raw =
          Plain.normed(z, plain, "conv0", 2, (all, c) -> new double[] {0, 1 - 1e-5});
      for (int c = 0; c < 5; c++) {
        double before = TENSORS.get("conv0_running_mean").data()[c];
        double moved = 0.9 * before + 0.1 * Plain.ofBatch(raw, c)[0];
        assertThat((double) module.tensors().get("conv0_running_mean").data()[c])
            .isEqualTo(moved, within(1e-5));
      }
    }
  }
}
