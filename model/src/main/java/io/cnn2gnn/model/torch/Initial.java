package io.cnn2gnn.model.torch;

import java.util.Random;

/** Values before training, made from the shape. */
@FunctionalInterface
public interface Initial {
  /** So many values, from the caller's seeded generator. */
  Tensor of(Random random, long... shape);

  /** All the same. */
  static Initial constant(float value) {
    return (random, shape) -> Tensor.filled(value, shape);
  }

  /**
   * A kernel [out, in, height, width]: N(0, 2 / (in height width)), He et al., arXiv 1502.01852.
   */
  static Initial he() {
    return (random, shape) ->
        Tensor.normal(random, Math.sqrt(2.0 / (shape[1] * shape[2] * shape[3])), shape);
  }

  /** A matrix [in, out], used as x W: N(0, 2 / (in + out)), Glorot and Bengio 2010. */
  static Initial glorot() {
    return (random, shape) -> Tensor.normal(random, Math.sqrt(2.0 / (shape[0] + shape[1])), shape);
  }
}
