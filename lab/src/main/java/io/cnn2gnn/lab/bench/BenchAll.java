package io.cnn2gnn.lab.bench;

import io.cnn2gnn.benchmarks.bank.BankBenchmark;
import io.cnn2gnn.benchmarks.goal.GoalResult;
import io.cnn2gnn.benchmarks.goal.Overview;
import io.cnn2gnn.benchmarks.goal.SuiteReport;
import io.cnn2gnn.benchmarks.latency.LatencyBenchmark;
import io.cnn2gnn.benchmarks.pipeline.FramesBenchmark;
import io.cnn2gnn.benchmarks.pipeline.PipelineBenchmark;
import io.cnn2gnn.benchmarks.recovery.RecoveryBenchmark;
import io.cnn2gnn.benchmarks.service.TestBed;
import io.cnn2gnn.benchmarks.start.StartBenchmark;
import io.cnn2gnn.cli.kit.CliException;
import io.cnn2gnn.cli.kit.Home;
import io.cnn2gnn.cli.kit.Summary;
import io.cnn2gnn.lab.faults.FaultsCommand;
import io.cnn2gnn.localstack.LocalStack;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import picocli.CommandLine.Option;

/** {@code bench} without a subcommand: suites one after another, each on a stack of its own. */
final class BenchAll {
  private static final List<Integer> SIZES = List.of(1_000, 10_000, 100_000);
  private static final int PIPELINE_RECORDS = 60_000;

  /** Machines differ: so much of the time left is planned. */
  private static final double PLANNED = 0.9;

  @Option(
      names = "--suite",
      split = ",",
      paramLabel = "SUITE",
      description = "of ${COMPLETION-CANDIDATES} (default: all)")
  private List<BenchSuite> suites = List.of();

  @Option(
      names = "--minutes",
      paramLabel = "M",
      description = "shortens all suites so that they fit about so many minutes together")
  private Optional<Double> minutes = Optional.empty();

  @Option(names = "--seed", defaultValue = "1", description = "of all chance (default: 1)")
  private long seed;

  @Option(names = "--summary", paramLabel = "FILE", description = "write the figures as JSON")
  private Optional<Path> summary = Optional.empty();

  /** What is written to a JSON file: suites and failures by the name of the suite. */
  private record Figures(
      Overview.Summary goals, Map<String, Object> suites, Map<String, String> failures) {}

  /** What a suite gets. */
  private record Work(BenchSuite suite, double budget, BenchEffort effort) {}

  /** 0 if every suite has come to its end, whatever it measured. */
  int run() throws Exception {
    if (minutes.isPresent() && !(minutes.get() > 0)) {
      throw new CliException("--minutes must be positive: " + minutes.get());
    }
    List<BenchSuite> chosen =
        suites.isEmpty() ? List.of(BenchSuite.values()) : suites.stream().distinct().toList();
    OptionalDouble deadline =
        minutes.map(m -> OptionalDouble.of(now() + m * 60)).orElse(OptionalDouble.empty());
    Map<String, Object> figures = new LinkedHashMap<>();
    Map<String, String> failures = new LinkedHashMap<>();
    List<GoalResult> goals = new ArrayList<>();
    for (int i = 0; i < chosen.size(); i++) {
      BenchSuite suite = chosen.get(i);
      String name = suite.name().toLowerCase(Locale.ROOT);
      double budget = budget(chosen.subList(i, chosen.size()), deadline);
      try {
        SuiteReport report = run(new Work(suite, budget, suite.within(budget)));
        System.out.printf("## %s%n%n%s%n", name, report.tables());
        System.out.flush();
        figures.put(name, report.summary());
        goals.addAll(report.goals());
      } catch (InterruptedException e) {
        throw e;
      } catch (Exception e) {
        // What the others measured is worth minutes.
        System.err.printf("cnn2gnn: %s broke off: %s%n", name, e.getMessage());
        failures.put(name, e.toString());
      }
    }
    Overview overview = new Overview(goals);
    System.out.printf("## goals%n%n%s", overview.table());
    if (summary.isPresent()) {
      Summary.write(summary.get(), new Figures(overview.summary(), figures, failures));
    }
    return failures.isEmpty() ? 0 : 1;
  }

  private static double now() {
    return System.nanoTime() / 1e9;
  }

  /** The first suite's share, in seconds, of what time there is for it and those after it. */
  static double budget(List<BenchSuite> left, OptionalDouble deadline) {
    double own = left.get(0).seconds();
    if (deadline.isEmpty()) {
      return own;
    }
    double all = left.stream().mapToDouble(BenchSuite::seconds).sum();
    return share(own, all, deadline.getAsDouble() - now());
  }

  /** In proportion to what each costs by default, and no more than that. */
  static double share(double own, double all, double seconds) {
    return own * Math.min(1, Math.max(0, seconds * PLANNED / all));
  }

  private SuiteReport run(Work work) throws Exception {
    return switch (work.suite()) {
      case BANK -> bank(work);
      case SWAP -> BenchSwap.measure(Home.bundle(), work.effort().rounds(), seed);
      case PIPELINE, FRAMES, LATENCY, RECOVERY, START -> {
        List<SuiteReport> report = new ArrayList<>();
        BenchCommand.onLocalStack((stack, folder) -> report.add(run(work, stack, folder)));
        yield report.get(0);
      }
    };
  }

  private SuiteReport run(Work work, LocalStack stack, Path folder) throws Exception {
    TestBed bed = BenchCommand.on(stack, folder);
    BenchEffort effort = work.effort();
    return switch (work.suite()) {
      case PIPELINE ->
          new PipelineBenchmark(
                  bed,
                  new PipelineBenchmark.Options(
                      Home.bundle(),
                      Home.samples(),
                      BenchLatency.SIDE,
                      PIPELINE_RECORDS,
                      effort.rounds(),
                      effort.seconds(),
                      PipelineBenchmark.everybody(),
                      Map.of(),
                      seed))
              .run();
      case FRAMES ->
          new FramesBenchmark(
                  bed,
                  new FramesBenchmark.Options(
                      Home.bundle(), effort.rounds(), effort.seconds(), seed))
              .run();
      case LATENCY ->
          new LatencyBenchmark(
                  bed,
                  new LatencyBenchmark.Options(
                      Home.bundle(),
                      Home.samples(),
                      BenchLatency.SIDE,
                      BenchLatency.RECORDS,
                      effort.rounds(),
                      effort.seconds(),
                      Map.of(),
                      seed))
              .run();
      case RECOVERY ->
          new RecoveryBenchmark(
                  bed,
                  new RecoveryBenchmark.Options(
                      FaultsCommand.service(),
                      Home.bundle(),
                      BenchSuite.rows(work.budget()),
                      effort.rounds(),
                      Map.of(),
                      seed))
              .run();
      case START ->
          new StartBenchmark(
                  bed,
                  new StartBenchmark.Options(
                      FaultsCommand.service(),
                      Home.bundle(),
                      effort.rounds(),
                      BenchStart.IMAGES,
                      Map.of(),
                      seed))
              .run();
      case BANK, SWAP -> throw new IllegalArgumentException(work.suite() + " takes no stack");
    };
  }

  private SuiteReport bank(Work work) throws Exception {
    return new BankBenchmark(
            new BankBenchmark.Options(
                Home.bundle(),
                SIZES,
                work.effort().rounds(),
                seed,
                BenchSuite.hasIndexes(work.budget())),
            line -> System.err.println(line))
        .run();
  }
}
