package io.cnn2gnn.benchmarks.goal;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * A figure that was measured for a goal; its median is judged.
 *
 * @param goal its short name, such as P6
 * @param title what was measured
 * @param limit empty if the goal asks for the figure, whatever it is
 * @param unit of limit and figure; empty for a ratio
 * @param measured over the rounds
 */
public record GoalResult(
    String goal, String title, Optional<Limit> limit, String unit, Spread measured) {
  static final String HEAD =
      "| | what | goal | measured | spread | |\n| --- | --- | ---: | ---: | --- | --- |\n";

  /** As the last column of a table: met, missed, or no word where there is no limit. */
  public String verdict() {
    return limit.map(wanted -> wanted.holds(measured.median()) ? "met" : "missed").orElse("");
  }

  /** Results as a table in Markdown. */
  public static String table(List<GoalResult> results) {
    return results.stream().map(GoalResult::row).collect(Collectors.joining("", HEAD, ""));
  }

  String row() {
    String wanted =
        limit
            .map(
                l ->
                    (l.side() == Limit.Side.AT_LEAST ? "at least " : "at most ")
                        + figure(l.value())
                        + suffix())
            .orElse("");
    return String.format(
        Locale.ROOT,
        "| %s | %s | %s | %s%s | %s to %s | %s |%n",
        goal,
        title,
        wanted,
        figure(measured.median()),
        suffix(),
        figure(measured.lowest()),
        figure(measured.highest()),
        verdict());
  }

  private String suffix() {
    return unit.isEmpty() ? "" : " " + unit;
  }

  private static String figure(double value) {
    return String.format(Locale.ROOT, Math.abs(value) < 100 ? "%.2f" : "%,.0f", value);
  }

  /** As it is written to a JSON file. */
  public Summary summary() {
    return new Summary(
        goal,
        title,
        limit.filter(l -> l.side() == Limit.Side.AT_LEAST).map(Limit::value),
        limit.filter(l -> l.side() == Limit.Side.AT_MOST).map(Limit::value),
        Optional.of(unit).filter(u -> !u.isEmpty()),
        measured.median(),
        measured.lowest(),
        measured.highest(),
        limit.map(l -> l.holds(measured.median())));
  }

  /**
   * A result in the names of a JSON file.
   *
   * @param met empty if there is no limit
   */
  public record Summary(
      String goal,
      String title,
      Optional<Double> atLeast,
      Optional<Double> atMost,
      Optional<String> unit,
      double measured,
      double lowest,
      double highest,
      Optional<Boolean> met) {}
}
