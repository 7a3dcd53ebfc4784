package io.cnn2gnn.model.torch;

/**
 * A tensor of a network, before it exists: the one place that names it.
 *
 * @param name an identifier
 * @param initial its values before training
 * @param learns by gradient; running statistics do not
 * @param shape extents, outermost first
 */
public record Parameter(String name, Initial initial, boolean learns, long... shape) {
  /** A parameter that learns. */
  public static Parameter of(String name, Initial initial, long... shape) {
    return new Parameter(name, initial, true, shape);
  }

  /** A tensor that no gradient changes. */
  public static Parameter fixed(String name, Initial initial, long... shape) {
    return new Parameter(name, initial, false, shape);
  }
}
