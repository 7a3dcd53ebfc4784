package io.cnn2gnn.benchmarks.recovery;

import io.cnn2gnn.benchmarks.goal.GoalResult;
import io.cnn2gnn.benchmarks.goal.Limit;
import io.cnn2gnn.benchmarks.goal.Spread;
import io.cnn2gnn.benchmarks.goal.SuiteReport;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.ToDoubleFunction;

/**
 * How soon a service is back, and how soon another takes over.
 *
 * @param description of loads and machine
 * @param rows of the bank that was restored
 * @param sessionSeconds after which the group gives up a member that is silent
 * @param restores one per round
 * @param gaps seconds without answers when the owner of the partition was killed, one per round
 */
public record RecoveryReport(
    String description, int rows, int sessionSeconds, List<Restore> restores, List<Double> gaps)
    implements SuiteReport {
  private static final Limit BEYOND_SESSION = Limit.atMost(1);

  public RecoveryReport {
    restores = List.copyOf(restores);
    gaps = List.copyOf(gaps);
  }

  private Spread spread(ToDoubleFunction<Restore> figure) {
    return Spread.of(restores.stream().mapToDouble(figure).boxed().toList());
  }

  @Override
  public List<GoalResult> goals() {
    String restore = String.format(Locale.ROOT, "restore of %,d rows", rows);
    return List.of(
        new GoalResult("P7", restore, Optional.empty(), "s", spread(Restore::restore)),
        new GoalResult(
            "P7", restore, Optional.empty(), "MB/s", spread(Restore::megabytesPerSecond)),
        new GoalResult(
            "P7",
            "failover with a standby, beyond the session timeout",
            Optional.of(BEYOND_SESSION),
            "s",
            Spread.of(gaps.stream().map(gap -> gap - sessionSeconds).toList())));
  }

  @Override
  public String tables() {
    StringBuilder text = new StringBuilder(description).append("\n\n");
    text.append(
        String.format(
            Locale.ROOT,
            "| %,d rows, %.1f MB of changelog | median | lowest | highest |%n"
                + "| --- | ---: | ---: | ---: |%n",
            rows,
            spread(Restore::megabytes).median()));
    row(text, "process start to ready, s", spread(Restore::ready));
    row(text, "of which restore, s", spread(Restore::restore));
    row(text, "of which reading the changelog, s", spread(Restore::read));
    row(text, "restore, MB/s", spread(Restore::megabytesPerSecond));
    row(text, "failover: longest time without answers, s", Spread.of(gaps));
    return text.append('\n').append(GoalResult.table(goals())).toString();
  }

  private static void row(StringBuilder text, String what, Spread spread) {
    text.append(spread.row(what, "%.2f"));
  }

  @Override
  public Object summary() {
    return new Summary(
        description,
        rows,
        restores.stream().map(Restore::summary).toList(),
        sessionSeconds,
        gaps,
        goals().stream().map(GoalResult::summary).toList());
  }

  private record Summary(
      String description,
      int rows,
      List<Restore.Summary> restores,
      int sessionSeconds,
      List<Double> failoverGapSeconds,
      List<GoalResult.Summary> goals) {}
}
