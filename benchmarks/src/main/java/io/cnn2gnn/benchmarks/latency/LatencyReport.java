package io.cnn2gnn.benchmarks.latency;

import io.cnn2gnn.benchmarks.goal.GoalResult;
import io.cnn2gnn.benchmarks.goal.Limit;
import io.cnn2gnn.benchmarks.goal.Spread;
import io.cnn2gnn.benchmarks.goal.SuiteReport;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
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
 */
public record LatencyReport(
    String description, double linger, List<Double> saturation, List<Load> half, List<Load> tenth)
    implements SuiteReport {
  public LatencyReport {
    saturation = List.copyOf(saturation);
    half = List.copyOf(half);
    tenth = List.copyOf(tenth);
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
            spread(half, Load::p99)));
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
    return text.append('\n').append(GoalResult.table(goals())).toString();
  }

  private void row(StringBuilder text, String name, List<Load> loads) {
    text.append(
        String.format(
            Locale.ROOT,
            "| %s | %,.0f | %.1f | %.1f | %.1f | %.1f | %.1f | %.1f | %.1f | %.1f |%n",
            name,
            spread(loads, Load::perSecond).median(),
            spread(loads, Load::p50).median(),
            spread(loads, Load::p90).median(),
            spread(loads, Load::p99).median(),
            spread(loads, Load::max).median(),
            spread(loads, Load::batch).median(),
            spread(loads, Load::batchImages).median(),
            spread(loads, load -> load.bound(linger)).median(),
            spread(loads, Load::late).median()));
  }

  @Override
  public Map<String, Object> summary() {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("description", description);
    map.put("lingerMillis", linger);
    map.put("saturationPerSecond", saturation);
    map.put("half", half.stream().map(load -> load.summary(linger)).toList());
    map.put("tenth", tenth.stream().map(load -> load.summary(linger)).toList());
    map.put("goals", goals().stream().map(GoalResult::summary).toList());
    return map;
  }
}
