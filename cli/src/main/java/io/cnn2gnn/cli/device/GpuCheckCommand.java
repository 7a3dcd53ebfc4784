package io.cnn2gnn.cli.device;

import io.cnn2gnn.cli.kit.CliException;
import io.cnn2gnn.cli.kit.Home;
import io.cnn2gnn.cli.kit.Summary;
import io.cnn2gnn.cli.kit.Terminal;
import io.cnn2gnn.model.bundle.Bundle;
import io.cnn2gnn.model.bundle.BundleException;
import io.cnn2gnn.model.inference.DeviceCheck;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
    name = "gpu-check",
    description = {
      "Says whether a GPU answers as the CPU does, how fast, and what happens when its memory is"
          + " full.",
      "Ends with 1 if fewer than 99.9 % of the images get the CPU's label."
    },
    showDefaultValues = true,
    mixinStandardHelpOptions = true)
public final class GpuCheckCommand implements Callable<Integer> {
  @Option(names = "--bundle", description = "default: the shipped Fashion-MNIST bundle")
  private Optional<Path> bundle = Optional.empty();

  @Option(
      names = "--device",
      defaultValue = "gpu",
      description = "gpu, or cpu to try the check itself")
  private String device;

  @Option(names = "--images", defaultValue = "10000", description = "compared with the CPU's")
  private int images;

  @Option(names = "--seconds", defaultValue = "2", description = "for each size of batch")
  private double seconds;

  @Option(names = "--seed", defaultValue = "1", description = "of the images")
  private long seed;

  @Option(names = "--summary", paramLabel = "FILE", description = "write the figures as JSON")
  private Optional<Path> summary = Optional.empty();

  @Override
  public Integer call() throws Exception {
    try {
      DeviceCheck.Report report =
          new DeviceCheck(
                  Bundle.read(bundle.orElseGet(Home::bundle)),
                  device,
                  new DeviceCheck.Options(images, seconds, seed),
                  Terminal::print)
              .run();
      report.memoryBytes().ifPresent(bytes -> Terminal.printf("memory in use: %,d bytes", bytes));
      if (summary.isPresent()) {
        Summary.write(summary.get(), report);
      }
      Terminal.printf(
          "%s on %s, %s: %s",
          report.model(),
          report.device(),
          report.engine(),
          report.passed() ? "it may serve" : "it does NOT answer as the CPU does");
      return report.passed() ? 0 : 1;
    } catch (BundleException | IllegalArgumentException e) {
      throw new CliException(e.getMessage(), e);
    }
  }
}
