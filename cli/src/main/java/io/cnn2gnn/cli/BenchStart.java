package io.cnn2gnn.cli;

import io.cnn2gnn.benchmarks.start.StartBenchmark;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
    name = "start",
    description = "From the start of the service's process until it takes images, and its memory.",
    showDefaultValues = true,
    mixinStandardHelpOptions = true)
final class BenchStart implements Callable<Integer> {
  static final int ROUNDS = 5;
  static final int IMAGES = 1000;

  @Option(names = "--bundle", description = "default: the shipped Fashion-MNIST bundle")
  private Optional<Path> bundle = Optional.empty();

  @Option(names = "--rounds", paramLabel = "N", defaultValue = "" + ROUNDS)
  private int rounds;

  @Option(
      names = "--images",
      paramLabel = "N",
      defaultValue = "" + IMAGES,
      description = "after which memory is looked at again")
  private int images;

  @Option(names = "--set", paramLabel = "KEY=VALUE", description = "a setting of the service")
  private Map<String, String> settings = Map.of();

  @Option(names = "--seed", defaultValue = "1", description = "of images")
  private long seed;

  @Option(names = "--summary", paramLabel = "FILE", description = "write the figures as JSON")
  private Optional<Path> summary = Optional.empty();

  @Override
  public Integer call() throws Exception {
    StartBenchmark.Options options =
        BenchCommand.options(
            settings,
            () ->
                new StartBenchmark.Options(
                    FaultsCommand.service(),
                    bundle.orElseGet(Home::bundle),
                    rounds,
                    images,
                    settings,
                    seed));
    return BenchCommand.measure(
        summary,
        (broker, registry, folder) ->
            new StartBenchmark(broker, registry, folder, options, line -> System.err.println(line))
                .run());
  }
}
