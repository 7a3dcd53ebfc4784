package io.cnn2gnn.lab.bench;

import io.cnn2gnn.benchmarks.pipeline.PipelineBenchmark;
import io.cnn2gnn.lab.bench.BenchEffort.Cost;

/**
 * The suites of {@code bench}: what they do by default, and what that costs on two cores, for which
 * they are shortened.
 */
enum BenchSuite {
  PIPELINE,
  FRAMES,
  LATENCY,
  BANK,
  RECOVERY,
  SWAP,
  START;

  private static final double INDEXES_SECONDS = 120;
  private static final double FILL_SECONDS = 120;
  private static final int LEAST_ROWS = 1_000;

  private Cost cost() {
    int everybody = PipelineBenchmark.everybody().size();
    return switch (this) {
      case PIPELINE -> new Cost(40, 3 * everybody, 1, everybody);
      case FRAMES -> new Cost(60, 30, 1, 15); // five at three sizes
      case LATENCY -> new Cost(40, 14, 1, 4); // saturation, two loads, one for the loop
      case BANK -> new Cost(20, 1, 0, 0); // without the indexes
      case RECOVERY -> new Cost(30, 60, 0, 0); // without the filling of the bank
      case SWAP -> new Cost(30, 120, 0, 0);
      case START -> new Cost(20, 8, 1, 0);
    };
  }

  private BenchEffort most() {
    return switch (this) {
      case PIPELINE -> new BenchEffort(3, 12);
      case FRAMES -> new BenchEffort(BenchFrames.ROUNDS, BenchFrames.SECONDS);
      case LATENCY -> new BenchEffort(BenchLatency.ROUNDS, BenchLatency.SECONDS);
      case BANK -> new BenchEffort(25, 0);
      case RECOVERY -> new BenchEffort(BenchRecovery.ROUNDS, 0);
      case SWAP -> new BenchEffort(BenchSwap.ROUNDS, 0);
      case START -> new BenchEffort(BenchStart.ROUNDS, 0);
    };
  }

  /** Seconds of a measurement below which it tells nothing. */
  private double least() {
    return switch (this) {
      case PIPELINE -> 4;
      case FRAMES -> 4;
      case LATENCY -> 5;
      case BANK, RECOVERY, SWAP, START -> 0;
    };
  }

  /** What it costs by default. */
  double seconds() {
    double more =
        switch (this) {
          case BANK -> INDEXES_SECONDS;
          case RECOVERY -> FILL_SECONDS;
          case PIPELINE, FRAMES, LATENCY, SWAP, START -> 0;
        };
    return cost().of(most()) + more;
  }

  /** What it does in so many seconds, or the least that it can. */
  BenchEffort within(double budget) {
    double left = this == RECOVERY ? budget - fill(budget) : budget;
    return BenchEffort.within(left, cost(), most(), least());
  }

  /** Whether approximate indexes fit beside the bank's rounds. */
  static boolean hasIndexes(double budget) {
    return budget >= BANK.seconds();
  }

  /** Rows of the bank that is restored: fewer if they do not fit beside one round. */
  static int rows(double budget) {
    int rows = (int) (fill(budget) / FILL_SECONDS * BenchRecovery.ROWS);
    return Math.max(LEAST_ROWS, rows / LEAST_ROWS * LEAST_ROWS);
  }

  private static double fill(double budget) {
    double round = RECOVERY.cost().of(new BenchEffort(1, 0));
    return Math.max(0, Math.min(FILL_SECONDS, budget - round));
  }
}
