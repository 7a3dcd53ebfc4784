package io.cnn2gnn.model.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.optimizer.Optimizer;
import ai.djl.training.tracker.Tracker;
import io.cnn2gnn.model.graph.Candidates;
import io.cnn2gnn.model.graph.Ranking;
import io.cnn2gnn.model.image.InputSpec;
import io.cnn2gnn.model.torch.Tensor;
import io.cnn2gnn.model.torch.Torch;
import io.cnn2gnn.model.torch.TorchModule;
import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class StudentScriptsTest {
  private static final int BATCH = 12;
  private static final StudentSpec SPEC =
      new StudentSpec(
          new InputSpec(8, 8, 3, List.of(0.5f, 0.4f, 0.3f), List.of(0.25f, 0.2f, 0.3f)),
          List.of(8, 16),
          List.of(2, 1),
          2,
          8,
          16,
          3,
          4,
          0.5f,
          Ranking.LEARNED,
          false,
          Head.EVIDENCE);

  private static NDArray images(NDManager scope) {
    byte[] pixels = new byte[BATCH * 8 * 8 * 3];
    new Random(2).nextBytes(pixels);
    return scope.create(ByteBuffer.wrap(pixels), new Shape(BATCH, 8, 8, 3), DataType.UINT8);
  }

  private static final int BANK = 6;

  /** Arguments of a training step with a bank of noise, one of whose rows is image 3's own. */
  private static NDArray[] arguments(NDManager scope) {
    long[] ids = LongStream.range(0, BATCH).toArray();
    long[] labels = LongStream.range(0, BATCH).map(i -> i % 3).toArray();
    return new NDArray[] {
      images(scope),
      scope.create(ids),
      scope.create(known()),
      bank(scope),
      scope.create(new long[] {3, 90, 91, 92, 93, 94}),
      scope.create(BANK_KNOWN),
      scope.create(labels),
      scope.zeros(new Shape(BATCH, 3)),
      scope.create(0f),
      scope.create(4f),
      scope.create(0.5f)
    };
  }

  private static final long[] BANK_KNOWN = {1, 2, 3, 0, 1, 2};

  private static long[] known() {
    return LongStream.range(0, BATCH).map(i -> i % 4 == 0 ? 0 : i % 3 + 1).toArray();
  }

  private static NDArray bank(NDManager scope) {
    Random random = new Random(5);
    float[] rows = new float[BANK * SPEC.projection()];
    for (int i = 0; i < rows.length; i++) {
      rows[i] = (float) random.nextGaussian() / 3;
    }
    return scope.create(rows, new Shape(BANK, SPEC.projection()));
  }

  private static TorchModule trained(int steps) {
    TorchModule module =
        TorchModule.trainable(Student.training(SPEC, Student.initial(SPEC, 1)), cpu());
    Optimizer optimizer = Optimizer.adam().optLearningRateTracker(Tracker.fixed(0.01f)).build();
    for (int i = 0; i < steps; i++) {
      try (NDManager scope = module.newManager()) {
        module.step(optimizer::update, arguments(scope));
      }
    }
    return module;
  }

  private static ai.djl.Device cpu() {
    return Torch.device("cpu");
  }

  @Test
  void learnsANoiseBatchByHeart() {
    try (TorchModule module = trained(150);
        TorchModule frozen = TorchModule.frozen(Student.training(SPEC, module.tensors()), cpu());
        NDManager scope = module.newManager()) {
      assertThat(frozen.run("forward", arguments(scope)).head().getFloat()).isLessThan(0.2f);
    }
  }

  @Test
  void trainingMovesEveryTensorIncludingRunningStatistics() {
    Map<String, Tensor> before = Student.initial(SPEC, 1);
    try (TorchModule module = trained(3)) {
      Map<String, Tensor> after = module.tensors();
      // What neighbours are worth is learned later.
      assertThat(before.keySet()).containsAll(after.keySet()).contains("told_reach");
      assertThat(after).containsKeys("conv0", "projection", "w1", "b2").doesNotContainKey("heat");
      assertThat(after).allSatisfy((name, t) -> assertThat(t).isNotEqualTo(before.get(name)));
    }
  }

  @Test
  void theFoldedServingFormAnswersLikeTheTrainingForm() {
    try (TorchModule module = trained(5);
        TorchModule frozen = TorchModule.frozen(Student.training(SPEC, module.tensors()), cpu());
        TorchModule serving =
            TorchModule.frozen(Student.serving(SPEC, all(module), Candidates.BOTH), cpu());
        NDManager scope = module.newManager()) {
      float[] expected = frozen.run("forward", arguments(scope)).get(1).toFloatArray();
      float[] served = serving.run("alone", images(scope)).head().toFloatArray();
      assertThat(served).containsExactly(expected, within(1e-4f));
    }
  }

  /** With what is learned later as it begins. */
  private static Map<String, Tensor> all(TorchModule module) {
    Map<String, Tensor> all = Student.initial(SPEC, 1);
    all.putAll(module.tensors());
    return all;
  }

  /** Central differences of the loss through stem, metric, classifier and distillation. */
  @Test
  void gradientsThroughTheWholeChainAgreeWithFiniteDifferences() {
    Map<String, Tensor> tensors = Student.initial(SPEC, 4);
    for (String name : List.of("projection", "w1", "w2", "conv0", "conv1_gamma")) {
      float[] analytic = new float[tensors.get(name).data().length];
      try (TorchModule module = TorchModule.trainable(Student.training(SPEC, tensors), cpu());
          NDManager scope = module.newManager()) {
        module.step(
            (parameter, weight, gradient) -> {
              if (parameter.equals(name)) {
                System.arraycopy(gradient.toFloatArray(), 0, analytic, 0, analytic.length);
              }
            },
            arguments(scope));
      }
      Random random = new Random(9);
      double dot = 0;
      float[] direction = new float[analytic.length];
      for (int i = 0; i < direction.length; i++) {
        direction[i] = (float) random.nextGaussian();
        dot += direction[i] * analytic[i];
      }
      double step = 2e-3 / Math.sqrt(direction.length);
      double difference =
          (loss(tensors, name, direction, step) - loss(tensors, name, direction, -step))
              / (2 * step);
      assertThat(difference).as(name).isEqualTo(dot, within(0.02 + 0.05 * Math.abs(dot)));
    }
  }

  /** The training-mode loss with one tensor moved along a direction. */
  private static double loss(
      Map<String, Tensor> tensors, String moving, float[] direction, double by) {
    Map<String, Tensor> moved = new LinkedHashMap<>(tensors);
    float[] data = tensors.get(moving).data().clone();
    for (int i = 0; i < data.length; i++) {
      data[i] += (float) (direction[i] * by);
    }
    moved.put(moving, new Tensor(tensors.get(moving).shape(), data));
    try (TorchModule module = TorchModule.trainable(Student.training(SPEC, moved), cpu());
        NDManager scope = module.newManager()) {
      return module.step((name, w, g) -> {}, arguments(scope)).head().getFloat();
    }
  }
}
