package io.cnn2gnn.lab.bench;

import io.cnn2gnn.benchmarks.latency.LatencyBenchmark;
import io.cnn2gnn.cli.kit.Home;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
    name = "latency",
    description = {
      "Time from when an image is due to its committed answer, at half and at a tenth of what the"
          + " service does at most; images are sent at their times, whatever becomes of those before."
          + " A consumer loop without transactions gets half of the same."
    },
    showDefaultValues = true,
    mixinStandardHelpOptions = true)
final class BenchLatency implements Callable<Integer> {
  static final int SIDE = 72;
  static final int RECORDS = 60_000;
  static final int ROUNDS = 3;
  static final int SECONDS = 20;

  @Mixin private BenchFlags flags;

  @Option(names = "--images", paramLabel = "ZIP", description = "default: the sample images")
  private Optional<Path> images = Optional.empty();

  @Option(
      names = "--side",
      defaultValue = "" + SIDE,
      description = "pixels to which they are enlarged: 72 gives PNG files of 3 KB")
  private int side;

  @Option(
      names = "--records",
      paramLabel = "N",
      defaultValue = "" + RECORDS,
      description = "on the topic from which saturation is measured")
  private int records;

  @Option(
      names = "--rounds",
      paramLabel = "N",
      defaultValue = "" + ROUNDS,
      description = "after one that does not count")
  private int rounds;

  @Option(
      names = "--seconds",
      paramLabel = "S",
      defaultValue = "" + SECONDS,
      description = "of each load in each round, and of saturation up to 12")
  private double seconds;

  @Option(names = "--set", paramLabel = "KEY=VALUE", description = "a setting of the service")
  private Map<String, String> settings = Map.of();

  @Override
  public Integer call() throws Exception {
    LatencyBenchmark.Options options =
        BenchCommand.options(
            settings,
            () ->
                new LatencyBenchmark.Options(
                    flags.bundle(),
                    images.orElseGet(Home::samples),
                    side,
                    records,
                    rounds,
                    seconds,
                    settings,
                    flags.seed()));
    return BenchCommand.measure(flags.summary(), bed -> new LatencyBenchmark(bed, options).run());
  }
}
