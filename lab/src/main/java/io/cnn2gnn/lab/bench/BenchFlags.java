package io.cnn2gnn.lab.bench;

import io.cnn2gnn.cli.kit.Home;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Option;

/** What a benchmark of the service takes, whatever it measures. */
final class BenchFlags {
  @Option(
      names = "--bundle",
      paramLabel = "FILE",
      description = "default: the shipped Fashion-MNIST bundle")
  private Optional<Path> bundle = Optional.empty();

  @Option(names = "--seed", paramLabel = "S", defaultValue = "1", description = "of all chance")
  private long seed;

  @Option(names = "--summary", paramLabel = "FILE", description = "write the figures as JSON")
  private Optional<Path> summary = Optional.empty();

  Path bundle() {
    return bundle.orElseGet(Home::bundle);
  }

  long seed() {
    return seed;
  }

  Optional<Path> summary() {
    return summary;
  }
}
