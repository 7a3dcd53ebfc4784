package io.cnn2gnn.training.fit;

/**
 * What a student learns from, and in which graph.
 *
 * @param lambda weight of the teacher's answers beside the labels, in [0, 1], at the start
 * @param lambdaEnd the same at the end; it changes linearly
 * @param temperature softens both answers, at least 1, at the start
 * @param temperatureEnd the same at the end
 * @param memory rows of past batches in the graph
 * @param dropGraph fraction of the steps without a graph, in [0, 1)
 * @param hideLabels fraction of the neighbours' labels that is hidden, in [0, 1], because in
 *     serving most recent images have none
 * @param metric weight of the loss by which the graph's metric learns which images belong together
 */
public record Recipe(
    float lambda,
    float lambdaEnd,
    float temperature,
    float temperatureEnd,
    int memory,
    float dropGraph,
    float hideLabels,
    float metric) {
  public Recipe {
    share("lambda", lambda);
    share("lambda-end", lambdaEnd);
    share("hide-labels", hideLabels);
    if (!(metric >= 0)) {
      throw new IllegalArgumentException(
          "the weight of the metric must not be negative: " + metric);
    }
    softens("temperature", temperature);
    softens("temperature-end", temperatureEnd);
    if (memory < 0) {
      throw new IllegalArgumentException("memory must not be negative: " + memory);
    }
    if (!(dropGraph >= 0 && dropGraph < 1)) {
      throw new IllegalArgumentException("drop-graph must lie in [0, 1): " + dropGraph);
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
