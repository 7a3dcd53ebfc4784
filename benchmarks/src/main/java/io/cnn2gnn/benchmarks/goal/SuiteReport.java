package io.cnn2gnn.benchmarks.goal;

import java.util.List;
import java.util.Map;

/** What a benchmark has to tell. */
public interface SuiteReport {
  /** As Markdown. */
  String tables();

  /** As it is written to a JSON file. */
  Map<String, Object> summary();

  /** What it measured for goals. */
  List<GoalResult> goals();
}
