package io.cnn2gnn.topology.truth;

import java.util.List;
import java.util.Optional;

/**
 * How right a model's answers were, of the last that could be judged.
 *
 * @param model name and version
 * @param ever answers of it that were judged since the service started
 * @param judged how many of them the other figures are of
 * @param accuracy share of these that were right; NaN of none
 * @param usual what the accuracy is compared with, if there is something
 * @param classes by the true class, most frequent first
 * @param mistakes the wrong answers, most frequent first; beside the classes this is the confusion
 */
public record TruthFigures(
    String model,
    long ever,
    int judged,
    double accuracy,
    Optional<Double> usual,
    List<OfClass> classes,
    List<Mistake> mistakes) {
  public TruthFigures {
    classes = List.copyOf(classes);
    mistakes = List.copyOf(mistakes);
  }

  /**
   * The images of a true class.
   *
   * @param label the class, without control characters
   * @param recall the share of them that was answered so
   */
  public record OfClass(String label, int judged, int right, double recall) {}

  /** Images of a class that were answered with another one, without control characters. */
  public record Mistake(String truth, String answered, int count) {}
}
