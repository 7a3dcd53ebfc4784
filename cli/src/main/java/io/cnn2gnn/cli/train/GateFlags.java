package io.cnn2gnn.cli.train;

import io.cnn2gnn.training.gate.GateOptions;
import picocli.CommandLine.Option;

/** How much worse than the active model a new one may be. */
public final class GateFlags {
  @Option(
      names = "--tolerance",
      paramLabel = "SHARE",
      defaultValue = "0.005",
      description = "by how much an accuracy may be lower than the active model's")
  private double tolerance;

  @Option(
      names = "--max-slowdown",
      paramLabel = "FACTOR",
      defaultValue = "2",
      description = "how many times the active model's time an image may take")
  private double maxSlowdown;

  public GateOptions options() {
    return new GateOptions(tolerance, maxSlowdown, 1);
  }
}
