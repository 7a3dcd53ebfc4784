package io.cnn2gnn.lab.bench;

import io.cnn2gnn.benchmarks.recovery.RecoveryBenchmark;
import io.cnn2gnn.lab.faults.FaultsCommand;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
    name = "recovery",
    description = "Restore of a large bank after a kill -9, and failover to a standby.",
    showDefaultValues = true,
    mixinStandardHelpOptions = true)
final class BenchRecovery implements Callable<Integer> {
  static final int ROWS = 100_000;
  static final int ROUNDS = 3;

  @Mixin private BenchFlags flags;

  @Option(
      names = "--rows",
      paramLabel = "N",
      defaultValue = "" + ROWS,
      description = "of the bank that is restored")
  private int rows;

  @Option(
      names = "--rounds",
      paramLabel = "N",
      defaultValue = "" + ROUNDS,
      description = "restores, and then failovers")
  private int rounds;

  @Option(names = "--set", paramLabel = "KEY=VALUE", description = "a setting of the services")
  private Map<String, String> settings = Map.of();

  @Override
  public Integer call() throws Exception {
    RecoveryBenchmark.Options options =
        BenchCommand.options(
            settings,
            () ->
                new RecoveryBenchmark.Options(
                    FaultsCommand.service(), flags.bundle(), rows, rounds, settings, flags.seed()));
    return BenchCommand.measure(flags.summary(), bed -> new RecoveryBenchmark(bed, options).run());
  }
}
