package io.cnn2gnn.model.inference;

/** Hears how long the parts of a batch took. */
@FunctionalInterface
public interface PhaseListener {
  /**
   * A batch has been answered.
   *
   * @param graphNanos its neighbours, found and weighed
   * @param studentNanos the stem and the two layers
   */
  void answered(long graphNanos, long studentNanos);
}
