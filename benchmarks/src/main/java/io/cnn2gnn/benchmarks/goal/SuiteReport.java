package io.cnn2gnn.benchmarks.goal;

import java.util.List;

/** What a benchmark has to tell. */
public interface SuiteReport {
  /** As Markdown. */
  String tables();

  /** A record: as it is written to a JSON file. */
  Object summary();

  /** What it measured for goals. */
  List<GoalResult> goals();
}
