package io.cnn2gnn.training.fit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.cnn2gnn.model.torch.Tensor;
import io.cnn2gnn.model.torch.Torch;
import java.util.HashMap;
import java.util.Map;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Steps that were computed by hand from the paper's algorithm 2, with its usual constants. */
class AdamWTest {
  private static final float DECAY = 0.2f;
  private static final float RATE = 0.1f;
  private static final Offset<Float> ROUNDING = within(2e-6f);

  private final NDManager manager = NDManager.newBaseManager(Torch.device("cpu"));

  @AfterEach
  void close() {
    manager.close();
  }

  private AdamW optimizer(Map<String, Tensor> saved) {
    return new AdamW(manager.newSubManager(), DECAY, saved);
  }

  private NDArray matrix(float... values) {
    return manager.create(values, new Shape(1, values.length));
  }

  @Test
  void theFirstStepDecaysTheWeightsAndThenMovesEachByTheRateAgainstItsGradient() {
    NDArray weight = matrix(1f, -2f);
    try (AdamW optimizer = optimizer(Map.of())) {
      optimizer.begin(0, RATE);
      optimizer.apply("w", weight, matrix(0.5f, -0.25f));
    }
    // 1 * (1 - 0.1 * 0.2) - 0.1 and -2 * (1 - 0.1 * 0.2) + 0.1: both moments are unbiased.
    assertThat(weight.toFloatArray()[0]).isCloseTo(0.88f, ROUNDING);
    assertThat(weight.toFloatArray()[1]).isCloseTo(-1.86f, ROUNDING);
  }

  @Test
  void theSecondStepWeighsBothGradients() {
    NDArray weight = matrix(1f, -2f);
    try (AdamW optimizer = optimizer(Map.of())) {
      optimizer.begin(0, RATE);
      optimizer.apply("w", weight, matrix(0.5f, -0.25f));
      optimizer.begin(1, RATE);
      optimizer.apply("w", weight, matrix(-0.25f, -0.25f));
    }
    // Mean 0.9 * 0.05 - 0.1 * 0.25 = 0.02, unbiased 0.02 / 0.19 = 0.1052632; variance 0.999 *
    // 0.00025 + 0.001 * 0.0625 = 0.00031225, unbiased / 0.001999 = 0.1562031, its root 0.3952254.
    // 0.88 * 0.98 - 0.1 * 0.1052632 / 0.3952254 = 0.8624 - 0.0266337.
    assertThat(weight.toFloatArray()[0]).isCloseTo(0.8357663f, ROUNDING);
    // Equal gradients are a step of the rate again: -1.86 * 0.98 + 0.1.
    assertThat(weight.toFloatArray()[1]).isCloseTo(-1.7228f, ROUNDING);
  }

  @Test
  void vectorsAreNotDecayed() {
    NDArray bias = manager.create(new float[] {1f});
    try (AdamW optimizer = optimizer(Map.of())) {
      optimizer.begin(0, RATE);
      optimizer.apply("b", bias, manager.create(new float[] {0.5f}));
    }
    assertThat(bias.toFloatArray()[0]).isCloseTo(0.9f, ROUNDING);
  }

  @Test
  void anOptimizerOfSavedMomentsGoesOnToTheBit() {
    float[][] gradients = {{0.5f, -0.25f}, {-0.125f, 3f}, {0.75f, 0.1f}};
    NDArray unbroken = matrix(1f, -2f);
    try (AdamW optimizer = optimizer(Map.of())) {
      for (int step = 0; step < 3; step++) {
        optimizer.begin(step, RATE);
        optimizer.apply("w", unbroken, matrix(gradients[step]));
      }
    }
    NDArray resumed = matrix(1f, -2f);
    Map<String, Tensor> saved = new HashMap<>();
    for (int step = 0; step < 3; step++) {
      try (AdamW optimizer = optimizer(saved)) {
        optimizer.begin(step, RATE);
        optimizer.apply("w", resumed, matrix(gradients[step]));
        saved = new HashMap<>(optimizer.state());
      }
      // Whatever else goes on is kept beside it.
      saved.put("order", Tensor.filled(1, 1));
    }
    assertThat(resumed.toFloatArray()).isEqualTo(unbroken.toFloatArray());
    assertThat(saved).containsOnlyKeys("mean.w", "variance.w", "order");
  }
}
