package io.cnn2gnn.benchmarks.bank;

import io.cnn2gnn.benchmarks.goal.GoalResult;
import io.cnn2gnn.benchmarks.goal.Limit;
import io.cnn2gnn.benchmarks.goal.Spread;
import io.cnn2gnn.benchmarks.goal.SuiteReport;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What an image costs by the size of the bank, and of its labelled tier.
 *
 * @param description of model and machine
 * @param exact microseconds of the processor per image of the whole model, by rows; 0 for
 *     prototypes alone
 * @param labelled the same by images in a batch, then by labelled rows beside the smallest bank
 * @param approximate what indexes would cost
 */
public record BankReport(
    String description,
    Map<Integer, Double> exact,
    Map<Integer, Map<Integer, Double>> labelled,
    List<Approximate> approximate)
    implements SuiteReport {
  /** P5: an image against 10,000 rows over one against 1,000, and against 100,000. */
  private static final Map<Integer, Double> GOALS = Map.of(10_000, 1.5, 100_000, 3.0);

  private static final int BASE = 1_000;

  /** P5 of labelled rows: 10,000 of them over none and over 1,000. */
  private static final int LABELLED = 10_000;

  private static final double LABELLED_GOAL = 1.5;

  /**
   * One index at one size.
   *
   * @param insertMicros per row, when it is built one by one
   * @param searchMicros per image
   * @param recall share of the true nearest neighbours that are found
   */
  record Approximate(
      String name, int rows, double insertMicros, double searchMicros, double recall) {}

  /** Microseconds per image that the exact search of so many rows takes. */
  double searchMicros(int rows) {
    return exact.get(rows) - exact.get(0);
  }

  @Override
  public List<GoalResult> goals() {
    List<GoalResult> results = new ArrayList<>();
    new TreeMap<>(GOALS)
        .forEach(
            (rows, goal) -> {
              if (exact.containsKey(BASE) && exact.containsKey(rows)) {
                double ratio = exact.get(rows) / exact.get(BASE);
                results.add(
                    p5("an image against %,d rows over one against %,d", goal, ratio, rows, BASE));
              }
            });
    labelled.forEach(
        (batch, micros) -> {
          for (int base : List.of(0, BASE)) {
            results.add(
                p5(
                    "an image with %,d labelled rows over one with %,d, batches of %d",
                    LABELLED_GOAL, micros.get(LABELLED) / micros.get(base), LABELLED, base, batch));
          }
        });
    return results;
  }

  private static GoalResult p5(String what, double goal, double ratio, Object... numbers) {
    return new GoalResult(
        "P5",
        String.format(Locale.ROOT, what, numbers) + ", by processor time",
        Optional.of(Limit.atMost(goal)),
        "",
        new Spread(ratio, ratio, ratio));
  }

  @Override
  public String tables() {
    StringBuilder text = new StringBuilder(description);
    text.append(
        """


        | rows | us of the processor per image, all | of which search | of 1,000 rows | goal | |
        | ---: | ---: | ---: | ---: | ---: | --- |
        """);
    exact.forEach(
        (rows, micros) -> {
          double ratio = exact.containsKey(BASE) ? micros / exact.get(BASE) : Double.NaN;
          Double goal = GOALS.get(rows);
          text.append(
              String.format(
                  Locale.ROOT,
                  "| %,d | %.1f | %.1f | %.2f | %s | %s |%n",
                  rows,
                  micros,
                  searchMicros(rows),
                  ratio,
                  goal == null ? "" : goal,
                  goal == null ? "" : ratio <= goal ? "met" : "missed"));
        });
    text.append(
        """

        | batch | labelled rows | us of the processor per image, all | of none |
        | ---: | ---: | ---: | ---: |
        """);
    labelled.forEach(
        (batch, all) ->
            all.forEach(
                (rows, micros) ->
                    text.append(
                        String.format(
                            Locale.ROOT,
                            "| %d | %,d | %.1f | %.2f |%n",
                            batch,
                            rows,
                            micros,
                            micros / all.get(0)))));
    if (approximate.isEmpty()) {
      return text.toString();
    }
    text.append(
        """

        | index | rows | us per search | us per insert | both, of the exact search | recall |
        | --- | ---: | ---: | ---: | ---: | ---: |
        """);
    for (Approximate a : approximate) {
      text.append(
          String.format(
              Locale.ROOT,
              "| %s | %,d | %.1f | %.1f | %s | %.3f |%n",
              a.name(),
              a.rows(),
              a.searchMicros(),
              a.insertMicros(),
              ofTheSearch(a),
              a.recall()));
    }
    return text.toString();
  }

  /** Empty where the search of so few rows is lost in the noise of a batch's time. */
  private String ofTheSearch(Approximate a) {
    double search = searchMicros(a.rows());
    return search > 0
        ? String.format(Locale.ROOT, "%.1f", (a.searchMicros() + a.insertMicros()) / search)
        : "";
  }

  @Override
  public Object summary() {
    return new Summary(description, exact, labelled, approximate);
  }

  private record Summary(
      String description,
      Map<Integer, Double> exactMicrosPerImage,
      Map<Integer, Map<Integer, Double>> labelledMicrosPerImage,
      List<Approximate> approximate) {}
}
