package io.cnn2gnn.benchmarks.goal;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Every goal in one table, those too that nobody has measured.
 *
 * @param results of all suites that have run
 */
public record Overview(List<GoalResult> results) {
  /** Which command measures what, in the order of the table. */
  private static final Map<String, String> MEASURED_BY = measuredBy();

  public Overview {
    results = List.copyOf(results);
  }

  private static Map<String, String> measuredBy() {
    Map<String, String> by = new LinkedHashMap<>();
    for (String goal : new String[] {"P1", "P2", "P3", "P4"}) {
      by.put(goal, "bench pipeline");
    }
    by.put("P5", "bench bank");
    by.put("P6", "bench latency");
    by.put("P7", "bench recovery");
    by.put("P8", "bench swap");
    by.put("P9", "bench pipeline");
    for (String goal : new String[] {"F1", "F2", "F3"}) {
      by.put(goal, "bench frames");
    }
    by.put("start", "bench start");
    return by;
  }

  /** As Markdown. */
  public String table() {
    StringBuilder text = new StringBuilder(GoalResult.HEAD);
    MEASURED_BY.forEach(
        (goal, command) -> {
          List<GoalResult> own = results.stream().filter(r -> r.goal().equals(goal)).toList();
          own.forEach(result -> text.append(result.row()));
          if (own.isEmpty()) {
            text.append("| %s | `./cnn2gnn %s` | | not measured | | |%n".formatted(goal, command));
          }
        });
    results.stream()
        .filter(result -> !MEASURED_BY.containsKey(result.goal()))
        .forEach(result -> text.append(result.row()));
    return text.toString();
  }

  /** As it is written to a JSON file: what was measured, and what measures the rest. */
  public Summary summary() {
    List<Missing> rest = new ArrayList<>();
    MEASURED_BY.forEach(
        (goal, command) -> {
          if (results.stream().noneMatch(result -> result.goal().equals(goal))) {
            rest.add(new Missing(goal, "./cnn2gnn " + command));
          }
        });
    return new Summary(results.stream().map(GoalResult::summary).toList(), rest);
  }

  /** The overview in the names of a JSON file. */
  public record Summary(List<GoalResult.Summary> measured, List<Missing> notMeasured) {}

  /** A goal and the command that would measure it. */
  public record Missing(String goal, String command) {}
}
