package io.cnn2gnn.lab.bench;

import io.cnn2gnn.benchmarks.start.StartBenchmark;
import io.cnn2gnn.lab.faults.FaultsCommand;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
    name = "start",
    description = "From the start of the service's process until it takes images, and its memory.",
    showDefaultValues = true,
    mixinStandardHelpOptions = true)
final class BenchStart implements Callable<Integer> {
  static final int ROUNDS = 5;
  static final int IMAGES = 1000;

  @Mixin private BenchFlags flags;

  @Option(
      names = "--rounds",
      paramLabel = "N",
      defaultValue = "" + ROUNDS,
      description = "whose median counts, after one that does not")
  private int rounds;

  @Option(
      names = "--images",
      paramLabel = "N",
      defaultValue = "" + IMAGES,
      description = "after which memory is looked at again")
  private int images;

  @Option(names = "--set", paramLabel = "KEY=VALUE", description = "a setting of the service")
  private Map<String, String> settings = Map.of();

  @Override
  public Integer call() throws Exception {
    StartBenchmark.Options options =
        BenchCommand.options(
            settings,
            () ->
                new StartBenchmark.Options(
                    FaultsCommand.service(),
                    flags.bundle(),
                    rounds,
                    images,
                    settings,
                    flags.seed()));
    return BenchCommand.measure(flags.summary(), bed -> new StartBenchmark(bed, options).run());
  }
}
