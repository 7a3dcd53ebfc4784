package io.cnn2gnn.training.fit;

/**
 * What a student learns from.
 *
 * @param lambda weight of the teacher's answers beside the labels, in [0, 1], at the start
 * @param lambdaEnd the same at the end; it changes linearly
 * @param temperature softens both answers, at least 1, at the start
 * @param temperatureEnd the same at the end
 * @param memory rows of past batches that the metric learns from
 * @param metric weight of the loss by which the graph's metric learns which images belong together
 * @param fold share of the labelled images, whole tracks where there are any, on which it is
 *     learned what neighbours are worth, in (0, 1); the stem never sees them
 */
public record Recipe(
    float lambda,
    float lambdaEnd,
    float temperature,
    float temperatureEnd,
    int memory,
    float metric,
    float fold) {
  public Recipe {
    share("lambda", lambda);
    share("lambda-end", lambdaEnd);
    if (!(metric >= 0)) {
      throw new IllegalArgumentException(
          "the weight of the metric must not be negative: " + metric);
    }
    if (!(fold > 0 && fold < 1)) {
      throw new IllegalArgumentException("fold must lie between 0 and 1: " + fold);
    }
    softens("temperature", temperature);
    softens("temperature-end", temperatureEnd);
    if (memory < 0) {
      throw new IllegalArgumentException("memory must not be negative: " + memory);
    }
  }

  private static void softens(String name, float value) {
    if (!(value >= 1)) {
      throw new IllegalArgumentException(name + " must be at least 1: " + value);
    }
  }

  private static void share(String name, float value) {
    if (!(value >= 0 && value <= 1)) {
      throw new IllegalArgumentException(name + " must lie in 0..1: " + value);
    }
  }

  /** True if no epoch asks the teacher about a labelled image. */
  public boolean withoutTeacher() {
    return lambda == 0 && lambdaEnd == 0;
  }

  float lambda(double progress) {
    return (float) (lambda + progress * (lambdaEnd - lambda));
  }

  float temperature(double progress) {
    return (float) (temperature + progress * (temperatureEnd - temperature));
  }
}
