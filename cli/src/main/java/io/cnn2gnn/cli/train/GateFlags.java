package io.cnn2gnn.cli.train;

import io.cnn2gnn.training.gate.GateOptions;
import io.cnn2gnn.training.gate.WhenTooFew;
import picocli.CommandLine.Option;

/** How much worse than the active model a new one may be, and what becomes of a doubtful one. */
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

  @Option(
      names = "--when-too-few",
      paramLabel = "ACTION",
      defaultValue = "CANDIDATE",
      description =
          "what becomes of a model of which the images held out are too few to tell"
              + " (${COMPLETION-CANDIDATES}): released as one that passes, a candidate in any case,"
              + " or refused")
  private WhenTooFew whenTooFew;

  public GateOptions options() {
    return new GateOptions(tolerance, maxSlowdown, whenTooFew, 1);
  }
}
