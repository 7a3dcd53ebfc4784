package io.cnn2gnn.benchmarks.start;

import io.cnn2gnn.benchmarks.goal.GoalResult;
import io.cnn2gnn.benchmarks.goal.Limit;
import io.cnn2gnn.benchmarks.goal.Spread;
import io.cnn2gnn.benchmarks.goal.SuiteReport;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * How long a service takes to start, and what it then holds of memory.
 *
 * @param description of settings and machine
 * @param images after which memory was looked at again
 * @param seconds from process start to ready, one per round
 * @param ready resident MiB when it was ready; empty where the system does not tell
 * @param worked resident MiB after the images
 */
public record StartReport(
    String description, int images, List<Double> seconds, List<Double> ready, List<Double> worked)
    implements SuiteReport {
  private static final Limit GOAL = Limit.atMost(5);

  public StartReport {
    seconds = List.copyOf(seconds);
    ready = List.copyOf(ready);
    worked = List.copyOf(worked);
  }

  @Override
  public List<GoalResult> goals() {
    return List.of(
        new GoalResult(
            "start",
            "process start to ready, warm cache",
            Optional.of(GOAL),
            "s",
            Spread.of(seconds)));
  }

  @Override
  public String tables() {
    StringBuilder text = new StringBuilder(description).append("\n\n");
    text.append("| | median | lowest | highest |\n| --- | ---: | ---: | ---: |\n");
    row(text, "process start to ready, s", "%.2f", seconds);
    row(text, "resident memory when ready, MiB", "%,.0f", ready);
    row(text, String.format(Locale.ROOT, "after %,d images, MiB", images), "%,.0f", worked);
    return text.append('\n').append(GoalResult.table(goals())).toString();
  }

  private static void row(StringBuilder text, String what, String format, List<Double> rounds) {
    if (rounds.isEmpty()) {
      return;
    }
    text.append(Spread.of(rounds).row(what, format));
  }

  @Override
  public Object summary() {
    return new Summary(
        description,
        seconds,
        images,
        ready,
        worked,
        goals().stream().map(GoalResult::summary).toList());
  }

  private record Summary(
      String description,
      List<Double> startSeconds,
      int images,
      List<Double> readyMegabytes,
      List<Double> workedMegabytes,
      List<GoalResult.Summary> goals) {}
}
