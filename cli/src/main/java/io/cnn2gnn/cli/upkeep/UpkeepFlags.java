package io.cnn2gnn.cli.upkeep;

import io.cnn2gnn.cli.kit.CliException;
import io.cnn2gnn.cli.kit.Connection;
import io.cnn2gnn.cli.kit.Settings;
import io.cnn2gnn.cli.kit.Terminal;
import io.cnn2gnn.topology.app.AppConfig;
import io.cnn2gnn.topology.app.Footprint;
import io.cnn2gnn.topology.app.StartupException;
import io.cnn2gnn.topology.app.UpkeepStep;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Which service is meant, by the same settings it runs with, and whether anything is done. */
final class UpkeepFlags {
  private static final String APPLICATION = "application.id";

  @Mixin private Connection connection;

  @Option(
      names = "--application-id",
      paramLabel = "ID",
      description = "of the service (default: what --config says, else cnn2gnn-streams)")
  private Optional<String> application = Optional.empty();

  @Option(
      names = "--set",
      paramLabel = "KEY=VALUE",
      description = "any key of the configuration table that the service runs with")
  private Map<String, String> settings = new HashMap<>();

  @Option(names = "--dry-run", description = "say what would be done, and do nothing")
  boolean dryRun;

  /** A piece of work that says what it did. */
  interface Work {
    List<UpkeepStep> run() throws StartupException;
  }

  Footprint footprint() throws CliException {
    Settings all = connection.settingsOfService(settings);
    application.ifPresent(id -> all.put(APPLICATION, id, Settings.FLAG));
    try {
      return Footprint.of(AppConfig.of(all.values()));
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
