package io.cnn2gnn.benchmarks.pipeline;

import io.cnn2gnn.benchmarks.goal.GoalResult;
import io.cnn2gnn.benchmarks.goal.Limit;
import io.cnn2gnn.benchmarks.goal.Spread;
import io.cnn2gnn.benchmarks.goal.SuiteReport;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * Images per second of every contestant in every round, and what follows.
 *
 * @param description of images and machine
 * @param rates by contestant, one per round
 */
public record PipelineReport(String description, Map<Contestant, List<Double>> rates)
    implements SuiteReport {
  /** A ratio between two contestants, and what we want of it, if anything. */
  enum Ratio {
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
        "over the ONNX Runtime adapter, both with a null model",
        5,
        Contestant.SERVICE_WITHOUT_MODEL,
        Contestant.JSON_WITHOUT_MODEL),
    P9("over at least once", 0.95, Contestant.SERVICE, Contestant.AT_LEAST_ONCE),
    ADAPTER(
        "over the ONNX Runtime adapter with the same CNN as mapValues",
        Contestant.SERVICE,
        Contestant.ONNX_PER_RECORD),
    SAME_SAMPLES(
        "over that adapter, both from decoded samples and with a null model",
        Contestant.SERVICE_ON_SAMPLES,
        Contestant.JSON_WITHOUT_MODEL),
    ONE_MAPPER(
        "over the adapter that makes its JSON mapper once, both with a null model",
        Contestant.SERVICE_WITHOUT_MODEL,
        Contestant.JSON_ONE_MAPPER),
    MAP_VALUES(
        "over mapValues, both with a null model",
        Contestant.SERVICE_WITHOUT_MODEL,
        Contestant.MAP_VALUES_WITHOUT_MODEL);

    private final String title;
    private final OptionalDouble least;
    private final Contestant ours;
    private final Contestant theirs;

    Ratio(String title, double least, Contestant ours, Contestant theirs) {
      this(title, OptionalDouble.of(least), ours, theirs);
    }

    Ratio(String title, Contestant ours, Contestant theirs) {
      this(title, OptionalDouble.empty(), ours, theirs);
    }

    Ratio(String title, OptionalDouble least, Contestant ours, Contestant theirs) {
      this.title = title;
      this.least = least;
      this.ours = ours;
      this.theirs = theirs;
    }
  }

  /**
   * How a ratio came out.
   *
   * @param measured median over the rounds of the ratio within each
   * @param lowest of them
   * @param highest of them
   */
  record Verdict(Ratio ratio, double measured, double lowest, double highest) {
    /** Nothing, if nothing was wanted. */
    Optional<Boolean> met() {
      return ratio.least.isPresent()
          ? Optional.of(measured >= ratio.least.getAsDouble())
          : Optional.empty();
    }
  }

  List<Verdict> verdicts() {
    List<Verdict> verdicts = new ArrayList<>();
    for (Ratio ratio : Ratio.values()) {
      List<Double> ours = rates.getOrDefault(ratio.ours, List.of());
      List<Double> theirs = rates.getOrDefault(ratio.theirs, List.of());
      List<Double> ratios = new ArrayList<>();
      for (int i = 0; i < Math.min(ours.size(), theirs.size()); i++) {
        ratios.add(ours.get(i) / theirs.get(i));
      }
      if (!ratios.isEmpty()) {
        Spread spread = Spread.of(ratios);
        verdicts.add(new Verdict(ratio, spread.median(), spread.lowest(), spread.highest()));
      }
    }
    return verdicts;
  }

  @Override
  public List<GoalResult> goals() {
    return verdicts().stream()
        .filter(v -> v.met().isPresent())
        .map(
            v ->
                new GoalResult(
                    v.ratio().name(),
                    v.ratio().title,
                    Optional.of(Limit.atLeast(v.ratio().least.getAsDouble())),
                    "",
                    new Spread(v.measured(), v.lowest(), v.highest())))
        .toList();
  }

  @Override
  public String tables() {
    StringBuilder text = new StringBuilder(description).append("\n\n");
    text.append(
        "| contestant | images/s, median | lowest | highest |\n| --- | ---: | ---: | ---: |\n");
    rates.forEach(
        (contestant, all) -> {
          Spread spread = Spread.of(all);
          text.append(
              String.format(
                  Locale.ROOT,
                  "| %s | %,.0f | %,.0f | %,.0f |%n",
                  contestant.title(),
                  spread.median(),
                  spread.lowest(),
                  spread.highest()));
        });
    text.append(
        "\n| | ratio | goal | measured | spread | |\n| --- | --- | ---: | ---: | --- | --- |\n");
    for (Verdict v : verdicts()) {
      text.append(
          String.format(
              Locale.ROOT,
              "| %s | %s | %s | %.2f | %.2f to %.2f | %s |%n",
              v.met().isPresent() ? v.ratio() : "",
              v.ratio().title,
              v.met().isPresent() ? v.ratio().least.getAsDouble() : "",
              v.measured(),
              v.lowest(),
              v.highest(),
              v.met().map(met -> met ? "met" : "missed").orElse("")));
    }
    return text.toString();
  }

  @Override
  public Object summary() {
    Map<String, List<Double>> perSecond = new LinkedHashMap<>();
    rates.forEach((contestant, all) -> perSecond.put(contestant.title(), all));
    Map<String, Goal> goals = new LinkedHashMap<>();
    Map<String, Double> ratios = new LinkedHashMap<>();
    for (Verdict v : verdicts()) {
      v.met()
          .ifPresentOrElse(
              met ->
                  goals.put(
                      v.ratio().name(), new Goal(v.measured(), v.ratio().least.getAsDouble(), met)),
              () -> ratios.put(v.ratio().title, v.measured()));
    }
    return new Summary(description, perSecond, goals, ratios);
  }

  private record Summary(
      String description,
      Map<String, List<Double>> imagesPerSecond,
      Map<String, Goal> goals,
      Map<String, Double> ratiosWithoutGoal) {}

  private record Goal(double ratio, double goal, boolean met) {}
}
