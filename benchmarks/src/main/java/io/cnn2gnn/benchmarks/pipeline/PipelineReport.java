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
 * How fast every contestant was in every round, and what follows. Goals are judged by processor
 * time, which a busy neighbour hardly changes; what the clock says stands beside it.
 *
 * @param description of images and machine
 * @param rates by contestant, one per round
 */
public record PipelineReport(String description, Map<Contestant, List<Rate>> rates)
    implements SuiteReport {
  /** A ratio between two contestants, and what we want of it, if anything. */
  enum Ratio {
    P1(
        "end to end, exactly once, over the model in memory",
        0.9,
        Contestant.SERVICE,
        Contestant.MEMORY),
    P2(
        "over mapValues with the network that taught the student, which is less exact",
        10,
        Contestant.SERVICE,
        Contestant.MAP_VALUES_CNN),
    P3("over a consumer loop without transactions", 1, Contestant.SERVICE, Contestant.POLL_LOOP),
    P4(
        "over the ONNX Runtime adapter, both from decoded samples and with a null model",
        5,
        Contestant.SERVICE_ON_SAMPLES,
        Contestant.JSON_WITHOUT_MODEL),
    P9("over at least once", 0.95, Contestant.SERVICE, Contestant.AT_LEAST_ONCE),
    ADAPTER(
        "over the ONNX Runtime adapter with the same CNN as mapValues",
        Contestant.SERVICE,
        Contestant.ONNX_PER_RECORD),
    FILES_TO_SAMPLES(
        "over that adapter with a null model, which gets decoded samples where we decode a PNG",
        Contestant.SERVICE_WITHOUT_MODEL,
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
   * @param processor of the processor times of an image, over the rounds
   * @param clock of the images in a second, likewise
   */
  record Verdict(Ratio ratio, Spread processor, Spread clock) {
    /** Nothing, if nothing was wanted. */
    Optional<Boolean> met() {
      return ratio.least.isPresent()
          ? Optional.of(processor.median() >= ratio.least.getAsDouble())
          : Optional.empty();
    }
  }

  List<Verdict> verdicts() {
    List<Verdict> verdicts = new ArrayList<>();
    for (Ratio ratio : Ratio.values()) {
      List<Rate> ours = rates.getOrDefault(ratio.ours, List.of());
      List<Rate> theirs = rates.getOrDefault(ratio.theirs, List.of());
      List<Double> processor = new ArrayList<>();
      List<Double> clock = new ArrayList<>();
      for (int i = 0; i < Math.min(ours.size(), theirs.size()); i++) {
        processor.add(theirs.get(i).micros() / ours.get(i).micros());
        clock.add(ours.get(i).perSecond() / theirs.get(i).perSecond());
      }
      if (!clock.isEmpty()) {
        verdicts.add(new Verdict(ratio, Spread.of(processor), Spread.of(clock)));
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
                    v.ratio().title + ", by processor time",
                    Optional.of(Limit.atLeast(v.ratio().least.getAsDouble())),
                    "",
                    v.processor()))
        .toList();
  }

  @Override
  public String tables() {
    StringBuilder text = new StringBuilder(description).append("\n\n");
    text.append(Rate.HEAD.formatted("contestant", "images/s"));
    rates.forEach((contestant, all) -> text.append(Rate.row(contestant.title(), all)));
    text.append(
        """

        | | ratio | goal | by processor time | spread | | by the clock |
        | --- | --- | ---: | ---: | --- | --- | --- |
        """);
    for (Verdict v : verdicts()) {
      text.append(
          String.format(
              Locale.ROOT,
              "| %s | %s | %s | %.2f | %.2f to %.2f | %s | %.2f, %.2f to %.2f |%n",
              v.met().isPresent() ? v.ratio() : "",
              v.ratio().title,
              v.met().isPresent() ? v.ratio().least.getAsDouble() : "",
              v.processor().median(),
              v.processor().lowest(),
              v.processor().highest(),
              v.met().map(met -> met ? "met" : "missed").orElse(""),
              v.clock().median(),
              v.clock().lowest(),
              v.clock().highest()));
    }
    return text.toString();
  }

  @Override
  public Object summary() {
    Map<String, List<Rate>> byTitle = new LinkedHashMap<>();
    rates.forEach((contestant, all) -> byTitle.put(contestant.title(), all));
    Map<String, Goal> goals = new LinkedHashMap<>();
    Map<String, Double> ratios = new LinkedHashMap<>();
    for (Verdict v : verdicts()) {
      v.met()
          .ifPresentOrElse(
              met ->
                  goals.put(
                      v.ratio().name(),
                      new Goal(v.processor().median(), v.ratio().least.getAsDouble(), met)),
              () -> ratios.put(v.ratio().title, v.processor().median()));
    }
    return new Summary(description, byTitle, goals, ratios);
  }

  private record Summary(
      String description,
      Map<String, List<Rate>> rates,
      Map<String, Goal> goals,
      Map<String, Double> ratiosWithoutGoal) {}

  private record Goal(double ratio, double goal, boolean met) {}
}
