package io.cnn2gnn.benchmarks.goal;

import java.util.List;
import java.util.Locale;

/** What rounds came to. All three have one unit, which whoever made them knows. */
public record Spread(double median, double lowest, double highest) {
  /**
   * Of one figure per round.
   *
   * @throws IllegalArgumentException if there was no round
   */
  public static Spread of(List<Double> rounds) {
    if (rounds.isEmpty()) {
      throw new IllegalArgumentException("a spread needs a round");
    }
    double[] sorted = rounds.stream().mapToDouble(Double::doubleValue).sorted().toArray();
    int middle = sorted.length / 2;
    double median =
        sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    return new Spread(median, sorted[0], sorted[sorted.length - 1]);
  }

  /** A row of a table in Markdown; the format is that of each of the three. */
  public String row(String what, String format) {
    return String.format(
        Locale.ROOT,
        "| %s | " + String.join(" | ", format, format, format) + " |%n",
        what,
        median,
        lowest,
        highest);
  }
}
