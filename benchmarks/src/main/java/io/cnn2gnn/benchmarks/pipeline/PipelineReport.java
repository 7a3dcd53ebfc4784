package io.cnn2gnn.benchmarks.pipeline;

import io.cnn2gnn.benchmarks.goal.GoalResult;
import io.cnn2gnn.benchmarks.goal.Limit;
import io.cnn2gnn.benchmarks.goal.Spread;
import io.cnn2gnn.benchmarks.goal.SuiteReport;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Images per second of every contestant in every round, and what follows.
 *
 * @param description of images and machine
 * @param rates by contestant, one per round
 */
public record PipelineReport(String description, Map<Contestant, List<Double>> rates)
    implements SuiteReport {
  /** A ratio that we want, and between whom. */
  enum Goal {
    P1(
        "end to end, exactly once, over the model in memory",
        0.9,
        Contestant.SERVICE,
        Contestant.MEMORY),
    P2(
        "over mapValues with a CNN that is less exact",
        10,
        Contestant.SERVICE,
        Contestant.MAP_VALUES_CNN),
    P3("over a consumer loop without transactions", 1, Contestant.SERVICE, Contestant.POLL_LOOP),
    P4(
        "over mapValues, both with a null model",
        5,
        Contestant.SERVICE_WITHOUT_MODEL,
        Contestant.MAP_VALUES_WITHOUT_MODEL),
    P9("over at least once", 0.95, Contestant.SERVICE, Contestant.AT_LEAST_ONCE);

    private final String title;
    private final double least;
    private final Contestant ours;
    private final Contestant theirs;

    Goal(String title, double least, Contestant ours, Contestant theirs) {
      this.title = title;
      this.least = least;
      this.ours = ours;
      this.theirs = theirs;
    }
  }

  /**
   * How a goal was met.
   *
   * @param ratio median over the rounds of the ratio within each
   * @param lowest of them
   * @param highest of them
   */
  record Verdict(Goal goal, double ratio, double lowest, double highest) {
    boolean isMet() {
      return ratio >= goal.least;
    }
  }

  List<Verdict> verdicts() {
    List<Verdict> verdicts = new ArrayList<>();
    for (Goal goal : Goal.values()) {
      List<Double> ours = rates.getOrDefault(goal.ours, List.of());
      List<Double> theirs = rates.getOrDefault(goal.theirs, List.of());
      double[] ratios = new double[Math.min(ours.size(), theirs.size())];
      for (int i = 0; i < ratios.length; i++) {
        ratios[i] = ours.get(i) / theirs.get(i);
      }
      if (ratios.length > 0) {
        Arrays.sort(ratios);
        verdicts.add(new Verdict(goal, median(ratios), ratios[0], ratios[ratios.length - 1]));
      }
    }
    return verdicts;
  }

  private static double median(double[] sorted) {
    int middle = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  }

  @Override
  public List<GoalResult> goals() {
    return verdicts().stream()
        .map(
            v ->
                new GoalResult(
                    v.goal().name(),
                    v.goal().title,
                    Optional.of(Limit.atLeast(v.goal().least)),
                    "",
                    new Spread(v.ratio(), v.lowest(), v.highest())))
        .toList();
  }

  @Override
  public String tables() {
    StringBuilder text = new StringBuilder(description).append("\n\n");
    text.append(
        "| contestant | images/s, median | lowest | highest |\n| --- | ---: | ---: | ---: |\n");
    rates.forEach(
        (contestant, all) -> {
          double[] sorted = all.stream().mapToDouble(Double::doubleValue).sorted().toArray();
          text.append(
              String.format(
                  Locale.ROOT,
                  "| %s | %,.0f | %,.0f | %,.0f |%n",
                  contestant.title(),
                  median(sorted),
                  sorted[0],
                  sorted[sorted.length - 1]));
        });
    text.append(
        "\n| | ratio | goal | measured | spread | |\n| --- | --- | ---: | ---: | --- | --- |\n");
    for (Verdict v : verdicts()) {
      text.append(
          String.format(
              Locale.ROOT,
              "| %s | %s | %s | %.2f | %.2f to %.2f | %s |%n",
              v.goal(),
              v.goal().title,
              v.goal().least,
              v.ratio(),
              v.lowest(),
              v.highest(),
              v.isMet() ? "met" : "missed"));
    }
    return text.toString();
  }

  @Override
  public Map<String, Object> summary() {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("description", description);
    Map<String, Object> perSecond = new LinkedHashMap<>();
    rates.forEach((contestant, all) -> perSecond.put(contestant.title(), all));
    map.put("imagesPerSecond", perSecond);
    Map<String, Object> goals = new LinkedHashMap<>();
    for (Verdict v : verdicts()) {
      goals.put(
          v.goal().name(), Map.of("ratio", v.ratio(), "goal", v.goal().least, "met", v.isMet()));
    }
    map.put("goals", goals);
    return map;
  }
}
