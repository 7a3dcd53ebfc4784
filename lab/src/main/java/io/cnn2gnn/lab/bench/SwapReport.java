package io.cnn2gnn.lab.bench;

import io.cnn2gnn.benchmarks.goal.GoalResult;
import io.cnn2gnn.benchmarks.goal.Limit;
import io.cnn2gnn.benchmarks.goal.Spread;
import io.cnn2gnn.benchmarks.goal.SuiteReport;
import io.cnn2gnn.faults.RowResult;
import io.cnn2gnn.lab.faults.RowSummary;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * How long changes of the model hold up a task, beside its batches.
 *
 * @param description of load and machine
 * @param row of the fault harness that made the changes
 */
record SwapReport(String description, RowResult row) implements SuiteReport {
  private Spread spread(String figure) {
    return Spread.of(row.figures().get(figure));
  }

  @Override
  public List<GoalResult> goals() {
    return List.of(
        new GoalResult(
            "P8",
            "longest stall in a change of the model, within one batch's time",
            Optional.of(Limit.atMost(spread("batchMillis").median())),
            "ms",
            spread("stallMillis")));
  }

  @Override
  public String tables() {
    StringBuilder text = new StringBuilder(description).append("\n\n");
    text.append("| | median | lowest | highest |\n| --- | ---: | ---: | ---: |\n");
    line(text, "a task held up, longest of a round, ms", "stallMillis");
    line(text, "a batch, longest of a round, ms", "batchMillis");
    line(text, "release to answers, model to be loaded, s", "loadedSeconds");
    line(text, "the same, model still in memory, s", "keptSeconds");
    row.notes().forEach(note -> text.append("\n").append(note).append(".\n"));
    text.append(
        String.format(
            Locale.ROOT,
            "%n%,d images, %d lost, %d doubled.%n",
            row.images(),
            row.lost(),
            row.duplicated()));
    return text.append('\n').append(GoalResult.table(goals())).toString();
  }

  private void line(StringBuilder text, String what, String figure) {
    text.append(spread(figure).row(what, "%.2f"));
  }

  @Override
  public Object summary() {
    return new Summary(
        description, RowSummary.of(row), goals().stream().map(GoalResult::summary).toList());
  }

  private record Summary(String description, RowSummary row, List<GoalResult.Summary> goals) {}
}
