package io.cnn2gnn.model.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.optimizer.Optimizer;
import ai.djl.training.tracker.Tracker;
import io.cnn2gnn.model.graph.Candidates;
import io.cnn2gnn.model.image.InputSpec;
import io.cnn2gnn.model.torch.Tensor;
import io.cnn2gnn.model.torch.Torch;
import io.cnn2gnn.model.torch.TorchModule;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.Random;
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
          0.5f);

  private static NDArray images(NDManager scope) {
    byte[] pixels = new byte[BATCH * 8 * 8 * 3];
    new Random(2).nextBytes(pixels);
    return scope.create(ByteBuffer.wrap(pixels), new Shape(BATCH, 8, 8, 3), DataType.UINT8);
  }

  private static NDArray[] arguments(NDManager scope, float mix) {
    long[] labels = new long[BATCH];
    for (int i = 0; i < BATCH; i++) {
      labels[i] = i % 3;
    }
    return new NDArray[] {
      images(scope),
      scope.zeros(new Shape(0, SPEC.rowLength())),
      scope.create(mix),
      scope.create(labels),
      scope.zeros(new Shape(BATCH, 3)),
      scope.create(0f),
      scope.create(4f)
    };
  }

  private static TorchModule trained(int steps) {
    TorchModule module =
        TorchModule.trainable(Student.training(SPEC, Student.initial(SPEC, 1)), cpu());
    Optimizer optimizer = Optimizer.adam().optLearningRateTracker(Tracker.fixed(0.01f)).build();
    for (int i = 0; i < steps; i++) {
      try (NDManager scope = module.newManager()) {
        module.step(optimizer, arguments(scope, 0.5f));
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
      assertThat(frozen.run("forward", arguments(scope, 0.5f)).head().getFloat()).isLessThan(0.2f);
    }
  }

  @Test
  void trainingMovesEveryTensorIncludingRunningStatistics() {
    Map<String, Tensor> before = Student.initial(SPEC, 1);
    try (TorchModule module = trained(3)) {
      Map<String, Tensor> after = module.tensors();
      assertThat(after.keySet()).containsExactlyInAnyOrderElementsOf(before.keySet());
      assertThat(after).allSatisfy((name, t) -> assertThat(t).isNotEqualTo(before.get(name)));
    }
  }

  @Test
  void theFoldedServingFormAnswersLikeTheTrainingForm() {
    try (TorchModule module = trained(5);
        TorchModule frozen = TorchModule.frozen(Student.training(SPEC, module.tensors()), cpu());
        TorchModule serving =
            TorchModule.frozen(Student.serving(SPEC, module.tensors(), Candidates.BOTH), cpu());
        NDManager scope = module.newManager()) {
      NDList expected = frozen.run("forward", arguments(scope, 0.5f));
      NDList served =
          serving.run(
              "forward",
              images(scope),
              scope.zeros(new Shape(0, SPEC.rowLength())),
              scope.create(0.5f));
      float[] a = expected.get(1).toFloatArray();
      float[] b = served.get(0).toFloatArray();
      assertThat(b).containsExactly(a, within(1e-4f));
    }
  }

  /** Central differences of the loss through stem, head, both layers and distillation. */
  @Test
  void gradientsThroughTheWholeChainAgreeWithFiniteDifferences() {
    Map<String, Tensor> tensors = Student.initial(SPEC, 4);
    for (String name : List.of("projection", "w1", "w2", "conv0", "conv1_gamma")) {
      float[] analytic = new float[tensors.get(name).data().length];
      try (TorchModule module = TorchModule.trainable(Student.training(SPEC, tensors), cpu());
          NDManager scope = module.newManager()) {
        module.step(new Recorder(name, analytic), arguments(scope, 0.5f));
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
      Map<String, Tensor> tensors, String name, float[] direction, double by) {
    Map<String, Tensor> moved = new java.util.LinkedHashMap<>(tensors);
    float[] data = tensors.get(name).data().clone();
    for (int i = 0; i < data.length; i++) {
      data[i] += (float) (direction[i] * by);
    }
    moved.put(name, new Tensor(tensors.get(name).shape(), data));
    try (TorchModule module = TorchModule.trainable(Student.training(SPEC, moved), cpu());
        NDManager scope = module.newManager()) {
      return module.step(new Recorder("", new float[0]), arguments(scope, 0.5f)).head().getFloat();
    }
  }

  /** An optimiser that notes one gradient and changes nothing. */
  private static final class Recorder extends Optimizer {
    private final String name;
    private final float[] into;

    Recorder(String name, float[] into) {
      super(new NoOptimizer());
      this.name = name;
      this.into = into;
    }

    @Override
    public void update(String parameterId, NDArray weight, NDArray grad) {
      if (weight.getName().equals(name)) {
        System.arraycopy(grad.toFloatArray(), 0, into, 0, into.length);
      }
    }

    private static final class NoOptimizer extends OptimizerBuilder<NoOptimizer> {
      @Override
      protected NoOptimizer self() {
        return this;
      }
    }
  }
}
