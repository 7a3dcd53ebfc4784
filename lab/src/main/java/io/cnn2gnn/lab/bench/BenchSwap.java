package io.cnn2gnn.lab.bench;

import io.cnn2gnn.benchmarks.goal.Machine;
import io.cnn2gnn.benchmarks.goal.SuiteReport;
import io.cnn2gnn.cli.kit.CliException;
import io.cnn2gnn.cli.kit.CtrlC;
import io.cnn2gnn.cli.kit.StateFolder;
import io.cnn2gnn.faults.FaultHarness;
import io.cnn2gnn.faults.FaultOptions;
import io.cnn2gnn.faults.Row;
import io.cnn2gnn.faults.RowResult;
import io.cnn2gnn.lab.faults.FaultsCommand;
import io.cnn2gnn.localstack.LocalStackException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Row 29 of the fault harness as a benchmark: its verifier looks on. */
@Command(
    name = "swap",
    description =
        "How long a change of the model holds up a task: 500 of them a round, under load.",
    showDefaultValues = true,
    mixinStandardHelpOptions = true)
final class BenchSwap implements Callable<Integer> {
  static final int ROUNDS = 1;
  private static final int ROW = 29;

  @Mixin private BenchFlags flags;

  @Option(
      names = "--rounds",
      paramLabel = "N",
      defaultValue = "" + ROUNDS,
      description = "of 500 changes each")
  private int rounds;

  @Override
  public Integer call() throws Exception {
    SuiteReport report = measure(flags.bundle(), rounds, flags.seed());
    BenchCommand.show(report.tables(), flags.summary(), report.summary());
    return 0;
  }

  static SuiteReport measure(Path bundle, int rounds, long seed) throws Exception {
    CountDownLatch cleared = CtrlC.clearUp();
    try (StateFolder folder = StateFolder.in(Optional.empty())) {
      FaultOptions options =
          new FaultOptions(
              List.of(Row.of(ROW)),
              rounds,
              Duration.ofMinutes(1),
              seed,
              bundle,
              FaultsCommand.service(),
              FaultsCommand.trainer(),
              folder.path());
      RowResult row =
          new FaultHarness(options, line -> System.err.println(line)).run(done -> {}).get(0);
      if (!row.isGreen()) {
        throw new CliException(row.name() + " is red: " + String.join("; ", row.problems()));
      }
      String description =
          "A service in a process of its own under 80 images/s, releases through the models topic;"
              + " %d rounds of 500 changes, seed %d; %s."
                  .formatted(rounds, seed, Machine.description());
      return new SwapReport(description, row);
    } catch (IllegalArgumentException | LocalStackException e) {
      throw new CliException(e.getMessage(), e);
    } finally {
      cleared.countDown();
    }
  }
}
