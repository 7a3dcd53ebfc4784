package io.cnn2gnn.benchmarks.latency;

import io.cnn2gnn.benchmarks.goal.GoalResult;
import io.cnn2gnn.benchmarks.goal.Limit;
import io.cnn2gnn.benchmarks.goal.Spread;
import io.cnn2gnn.benchmarks.goal.SuiteReport;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.ToDoubleFunction;

/**
 * Times to an answer at two loads.
 *
 * @param description of images and machine
 * @param linger milliseconds for which a batch waits for images
 * @param saturation images per second of a service that has more than it can do, one per round
 * @param half at half of its median, one per round
 * @param tenth at a tenth
 * @param loop a consumer loop at half of the service's saturation
 */
public record LatencyReport(
    String description,
    double linger,
    List<Double> saturation,
    List<Load> half,
    List<Load> tenth,
    List<Load> loop)
    implements SuiteReport {
  public LatencyReport {
    saturation = List.copyOf(saturation);
    half = List.copyOf(half);
    tenth = List.copyOf(tenth);
    loop = List.copyOf(loop);
  }

  private static Spread spread(List<Load> loads, ToDoubleFunction<Load> figure) {
    return Spread.of(loads.stream().mapToDouble(figure).boxed().toList());
  }

  @Override
  public List<GoalResult> goals() {
    double bound = spread(half, load -> load.bound(linger)).median();
    return List.of(
        new GoalResult(
            "P6",
            "p99 at half of saturation, within linger and two batch times",
            Optional.of(Limit.atMost(bound)),
            "ms",
            spread(half, Load::p99)),
        new GoalResult(
            "",
            "p99 of a consumer loop without transactions at the same load",
            Optional.empty(),
            "ms",
            spread(loop, Load::p99)));
  }

  @Override
  public String tables() {
    StringBuilder text = new StringBuilder(description).append("\n\n");
    Spread most = Spread.of(saturation);
    text.append(
        String.format(
            Locale.ROOT,
            "Saturation: %,.0f images/s (%,.0f to %,.0f). Medians over the rounds, ms:%n%n",
            most.median(),
            most.lowest(),
            most.highest()));
    text.append(
        """
        | load | images/s | p50 | p90 | p99 | max | batch | images in it | linger + 2 batches | \
        sender late, p99 |
        | --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |
        """);
    row(text, "half", half);
    row(text, "a tenth", tenth);
    row(text, "half, consumer loop", loop);
    return text.append('\n').append(GoalResult.table(goals())).toString();
  }

  private void row(StringBuilder text, String name, List<Load> loads) {
    text.append("| ").append(name);
    cell(text, "%,.0f", loads, Load::perSecond);
    cell(text, "%.1f", loads, Load::p50);
    cell(text, "%.1f", loads, Load::p90);
    cell(text, "%.1f", loads, Load::p99);
    cell(text, "%.1f", loads, Load::max);
    cell(text, "%.1f", loads, Load::batch);
    cell(text, "%.1f", loads, Load::batchImages);
    cell(text, "%.1f", loads, load -> load.bound(linger));
    cell(text, "%.1f", loads, Load::late);
    text.append(" |\n");
  }

  /** Empty where nobody counted. */
  private static void cell(
      StringBuilder text, String format, List<Load> loads, ToDoubleFunction<Load> figure) {
    double median = spread(loads, figure).median();
    text.append(" | ");
    if (!Double.isNaN(median)) {
      text.append(String.format(Locale.ROOT, format, median));
    }
  }

  @Override
  public Object summary() {
    return new Summary(
        description,
        linger,
        saturation,
        summaries(half),
        summaries(tenth),
        summaries(loop),
        goals().stream().map(GoalResult::summary).toList());
  }

  private List<Load.Summary> summaries(List<Load> loads) {
    return loads.stream().map(load -> load.summary(linger)).toList();
  }

  private record Summary(
      String description,
      double lingerMillis,
      List<Double> saturationPerSecond,
      List<Load.Summary> half,
      List<Load.Summary> tenth,
      List<Load.Summary> loop,
      List<GoalResult.Summary> goals) {}
}
