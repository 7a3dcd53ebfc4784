package io.cnn2gnn.cli.upkeep;

import io.cnn2gnn.cli.kit.CliException;
import io.cnn2gnn.cli.kit.ServiceChoice;
import io.cnn2gnn.cli.kit.Terminal;
import io.cnn2gnn.topology.app.Footprint;
import io.cnn2gnn.topology.app.StartupException;
import io.cnn2gnn.topology.app.UpkeepStep;
import java.util.List;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Which service is meant, and whether anything is done. */
final class UpkeepFlags {
  @Mixin private ServiceChoice service;

  @Option(names = "--dry-run", description = "say what would be done, and do nothing")
  boolean dryRun;

  /** A piece of work that says what it did. */
  interface Work {
    List<UpkeepStep> run() throws StartupException;
  }

  Footprint footprint() throws CliException {
    try {
      return Footprint.of(service.config());
    } catch (IllegalArgumentException e) {
      throw new CliException(e.getMessage(), e);
    }
  }

  /** Does the work and prints its steps. */
  void carryOut(Work work) throws CliException {
    List<UpkeepStep> steps;
    try {
      steps = work.run();
    } catch (StartupException e) {
      throw new CliException(e.getMessage(), e);
    }
    if (steps.isEmpty()) {
      System.out.println("there is nothing to delete");
      return;
    }
    int width = steps.stream().mapToInt(step -> step.what().length()).max().orElse(0);
    String row = "%-" + width + "s  %10s  %s";
    Terminal.printf(row, "", "before", dryRun ? "would be" : "now");
    for (UpkeepStep step : steps) {
      Terminal.printf(row, step.what(), step.before(), step.after());
    }
  }
}
