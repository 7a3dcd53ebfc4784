package io.cnn2gnn.cli.train;

import io.cnn2gnn.cli.kit.CliException;
import io.cnn2gnn.cli.kit.Home;
import io.cnn2gnn.cli.kit.Summary;
import io.cnn2gnn.cli.kit.Terminal;
import io.cnn2gnn.model.bundle.BundleException;
import io.cnn2gnn.training.EvaluateJob;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
    name = "evaluate",
    description = "Measures a bundle on the test split of a data set.",
    mixinStandardHelpOptions = true)
public final class EvaluateCommand implements Callable<Integer> {
  @Option(names = "--bundle", description = "default: the shipped Fashion-MNIST bundle")
  private Optional<Path> bundle = Optional.empty();

  @Option(names = "--data", required = true, description = "as for train; its test split is used")
  private Path data;

  @Option(
      names = "--classes",
      split = ",",
      description = "class names by index (default: as the data has them)")
  private List<String> classes = new ArrayList<>();

  @Option(names = "--seed", defaultValue = "1", description = "of the shuffled order")
  private long seed;

  @Option(names = "--device", defaultValue = "auto", description = "auto, cpu or gpu")
  private String device;

  @Option(names = "--summary", description = "also write the figures to this file as JSON")
  private Optional<Path> summary = Optional.empty();

  @Option(
      names = "--out",
      paramLabel = "BUNDLE",
      description = "also write the bundle with these figures and what drift is told by")
  private Optional<Path> out = Optional.empty();

  @Override
  public Integer call() throws Exception {
    try {
      EvaluateJob.Result result =
          EvaluateJob.run(bundle.orElseGet(Home::bundle), data, classes, seed, device);
      Map<String, Double> metrics = result.figures();
      Terminal.print("measured on the test split:");
      Summary.print(metrics);
      if (out.isPresent()) {
        result.bundle().write(out.get());
      }
      if (summary.isPresent()) {
        Summary.write(summary.get(), metrics);
      }
      return 0;
    } catch (BundleException | IllegalArgumentException e) {
      throw new CliException(e.getMessage(), e);
    }
  }
}
