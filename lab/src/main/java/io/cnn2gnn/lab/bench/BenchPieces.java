package io.cnn2gnn.lab.bench;

import io.cnn2gnn.benchmarks.pieces.PiecesBenchmark;
import io.cnn2gnn.benchmarks.pieces.PiecesReport;
import io.cnn2gnn.cli.kit.CliException;
import io.cnn2gnn.cli.kit.Home;
import io.cnn2gnn.cli.kit.Summary;
import io.cnn2gnn.model.bundle.BundleException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
    name = "pieces",
    description =
        "Times single pieces, such as decoding, Avro and the student, by JMH in processes of their"
            + " own.",
    showDefaultValues = true,
    mixinStandardHelpOptions = true)
final class BenchPieces implements Callable<Integer> {
  @Option(names = "--bundle", description = "default: the shipped Fashion-MNIST bundle")
  private Optional<Path> bundle = Optional.empty();

  @Option(names = "--images", paramLabel = "ZIP", description = "default: the sample images")
  private Optional<Path> images = Optional.empty();

  @Option(
      names = "--only",
      paramLabel = "REGEX",
      description = "found in the piece's name, such as Wire or Classify.images (default: all)")
  private Optional<Pattern> only = Optional.empty();

  @Option(names = "--forks", paramLabel = "N", defaultValue = "1", description = "of each piece")
  private int forks;

  @Option(
      names = "--iterations",
      paramLabel = "N",
      defaultValue = "5",
      description = "of 1 s in each fork, after 3 that do not count")
  private int iterations;

  @Option(names = "--summary", paramLabel = "FILE", description = "write the figures as JSON")
  private Optional<Path> summary = Optional.empty();

  @Override
  public Integer call() throws Exception {
    try {
      PiecesReport report =
          new PiecesBenchmark(
                  new PiecesBenchmark.Options(
                      bundle.orElseGet(Home::bundle),
                      images.orElseGet(Home::samples),
                      only,
                      forks,
                      iterations),
                  System.err)
              .run();
      System.out.print(report.tables());
      if (summary.isPresent()) {
        Summary.write(summary.get(), report);
      }
      return 0;
    } catch (BundleException | IllegalArgumentException | IllegalStateException e) {
      throw new CliException(e.getMessage(), e);
    } catch (IOException e) {
      throw new CliException("the images cannot be read: " + e.getMessage(), e);
    }
  }
}
