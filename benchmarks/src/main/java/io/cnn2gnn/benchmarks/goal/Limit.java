package io.cnn2gnn.benchmarks.goal;

/**
 * What a figure should keep to.
 *
 * @param side on which it should lie
 * @param value in the unit of the figure
 */
public record Limit(Side side, double value) {
  /** On which side of the limit a figure is good. */
  public enum Side {
    AT_LEAST,
    AT_MOST
  }

  /** A figure should not be below it. */
  public static Limit atLeast(double value) {
    return new Limit(Side.AT_LEAST, value);
  }

  /** A figure should not be above it. */
  public static Limit atMost(double value) {
    return new Limit(Side.AT_MOST, value);
  }

  /** Not a number keeps to nothing. */
  boolean holds(double figure) {
    return side == Side.AT_LEAST ? figure >= value : figure <= value;
  }
}
