package io.cnn2gnn.training.fit;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.cnn2gnn.model.torch.Tensor;
import io.cnn2gnn.model.torch.TorchModule;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * AdamW (Loshchilov and Hutter, arXiv 1711.05101) around DJL's native update. DJL's own optimiser
 * keeps its moments to itself, so a run could not be resumed exactly; here they can be saved.
 * Vectors (biases, batch norm) are not decayed.
 */
final class AdamW implements TorchModule.Update, AutoCloseable {
  private static final float BETA1 = 0.9f;
  private static final float BETA2 = 0.999f;
  private static final float EPSILON = 1e-8f;
  private static final String MEAN = "mean.";
  private static final String VARIANCE = "variance.";

  private final NDManager manager;
  private final Map<String, NDArray> moments = new LinkedHashMap<>();
  private final float decay;
  private float rate;
  private float corrected;

  /**
   * Makes an optimiser.
   *
   * @param manager closed with this object
   * @param saved what {@link #state()} returned, whatever else is in it, or empty to begin
   */
  AdamW(NDManager manager, float decay, Map<String, Tensor> saved) {
    this.manager = manager;
    this.decay = decay;
    saved.forEach(
        (name, t) -> {
          if (name.startsWith(MEAN) || name.startsWith(VARIANCE)) {
            moments.put(name, manager.create(t.data(), new Shape(t.shape())));
          }
        });
  }

  /** Sets the learning rate of a step, counted from 0. */
  void begin(long step, float learningRate) {
    rate = learningRate;
    double t = step + 1.0;
    corrected = (float) (rate * Math.sqrt(1 - Math.pow(BETA2, t)) / (1 - Math.pow(BETA1, t)));
  }

  @Override
  public void apply(String name, NDArray weight, NDArray gradient) {
    NDArray mean = moments.computeIfAbsent(MEAN + name, n -> manager.zeros(weight.getShape()));
    NDArray variance =
        moments.computeIfAbsent(VARIANCE + name, n -> manager.zeros(weight.getShape()));
    float decayed = weight.getShape().dimension() > 1 ? decay : 0;
    weight
        .getNDArrayInternal()
        .adamUpdate(
            new NDList(weight, gradient, mean, variance),
            new NDList(weight),
            rate,
            corrected,
            decayed,
            1f,
            -1f,
            BETA1,
            BETA2,
            EPSILON,
            true,
            true);
  }

  /** Copies the moments to the heap. */
  Map<String, Tensor> state() {
    Map<String, Tensor> state = new LinkedHashMap<>();
    moments.forEach(
        (name, m) ->
            state.put(name, new Tensor(m.getShape().getShape().clone(), m.toFloatArray())));
    return state;
  }

  @Override
  public void close() {
    manager.close();
  }
}
