package io.cnn2gnn.model.net;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.cnn2gnn.model.torch.ScriptModule;
import io.cnn2gnn.model.torch.Torch;
import io.cnn2gnn.model.torch.TorchModule;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;

/** Gradients two ways: libtorch's, and central differences of an equation in doubles. */
final class Differences {
  private static final double STEP = 1e-5;

  private Differences() {}

  /** The derivatives of an equation by each of its values. */
  static double[] of(ToDoubleFunction<double[]> equation, double[] at) {
    double[] result = new double[at.length];
    for (int i = 0; i < at.length; i++) {
      double[] moved = at.clone();
      moved[i] = at[i] + STEP;
      double above = equation.applyAsDouble(moved);
      moved[i] = at[i] - STEP;
      result[i] = (above - equation.applyAsDouble(moved)) / (2 * STEP);
    }
    return result;
  }

  /** The gradients that a step of a module's {@code forward} hands to its optimiser, by name. */
  static Map<String, double[]> byAutograd(
      ScriptModule script, Function<NDManager, NDArray[]> arguments) {
    Map<String, double[]> gradients = new LinkedHashMap<>();
    try (TorchModule module = TorchModule.trainable(script, Torch.device("cpu"));
        NDManager scope = module.newManager()) {
      module.step(
          (name, weight, gradient) -> gradients.put(name, doubles(gradient.toFloatArray())),
          arguments.apply(scope));
    }
    return gradients;
  }

  static double[] doubles(float[] values) {
    double[] result = new double[values.length];
    for (int i = 0; i < values.length; i++) {
      result[i] = values[i];
    }
    return result;
  }

  static float[] floats(double[] values) {
    float[] result = new float[values.length];
    for (int i = 0; i < values.length; i++) {
      result[i] = (float) values[i];
    }
    return result;
  }
}
