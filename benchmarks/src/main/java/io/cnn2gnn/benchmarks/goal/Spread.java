package io.cnn2gnn.benchmarks.goal;

import com.google.common.math.Quantiles;
import java.util.List;
import java.util.Locale;
import java.util.Map;

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
    Map<Integer, Double> at = Quantiles.percentiles().indexes(0, 50, 100).compute(rounds);
    return new Spread(at.get(50), at.get(0), at.get(100));
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
