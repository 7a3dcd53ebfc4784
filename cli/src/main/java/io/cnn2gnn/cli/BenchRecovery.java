package io.cnn2gnn.cli;

import io.cnn2gnn.benchmarks.recovery.RecoveryBenchmark;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
    name = "recovery",
    description = "Restore of a large bank after a kill -9, and failover to a standby.",
    showDefaultValues = true,
    mixinStandardHelpOptions = true)
final class BenchRecovery implements Callable<Integer> {
  static final int ROWS = 100_000;
  static final int ROUNDS = 3;

  @Option(names = "--bundle", description = "default: the shipped Fashion-MNIST bundle")
  private Optional<Path> bundle = Optional.empty();

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

  @Option(names = "--seed", defaultValue = "1", description = "of images and moments")
  private long seed;

  @Option(names = "--summary", paramLabel = "FILE", description = "write the figures as JSON")
  private Optional<Path> summary = Optional.empty();

  @Override
  public Integer call() throws Exception {
    RecoveryBenchmark.Options options =
        BenchCommand.options(
            settings,
            () ->
                new RecoveryBenchmark.Options(
                    FaultsCommand.service(),
                    bundle.orElseGet(Home::bundle),
                    rows,
                    rounds,
                    settings,
                    seed));
    return BenchCommand.measure(
        summary,
        (broker, registry, folder) ->
            new RecoveryBenchmark(
                    broker, registry, folder, options, line -> System.err.println(line))
                .run());
  }
}
