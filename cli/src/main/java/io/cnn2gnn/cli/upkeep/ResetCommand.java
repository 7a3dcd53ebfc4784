package io.cnn2gnn.cli.upkeep;

import io.cnn2gnn.cli.kit.CliException;
import io.cnn2gnn.topology.app.Footprint;
import io.cnn2gnn.topology.app.Reset;
import io.cnn2gnn.training.topic.TimePoint;
import java.time.Clock;
import java.util.concurrent.Callable;
import org.apache.kafka.clients.admin.OffsetSpec;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
    name = "reset",
    description = {
      "Lets a stopped service answer the images from a point on, again or for the first time:",
      "sets its group's offsets and deletes its state, the bank too."
    },
    mixinStandardHelpOptions = true)
public final class ResetCommand implements Callable<Integer> {
  @Mixin private UpkeepFlags flags;

  @Option(
      names = "--to",
      paramLabel = "TIME",
      defaultValue = "earliest",
      description =
          "earliest (default), latest, the first record of 2026-11-25T10:00:00Z or later, or a"
              + " duration before now: PT2H, P7D")
  private String to;

  @Override
  public Integer call() throws CliException {
    OffsetSpec spec = spec(to);
    Footprint footprint = flags.footprint();
    flags.carryOut(new Reset(footprint, spec, flags.dryRun)::run);
    return 0;
  }

  private static OffsetSpec spec(String text) throws CliException {
    TimePoint point;
    try {
      point = TimePoint.parse(text, Clock.systemUTC());
    } catch (IllegalArgumentException e) {
      throw new CliException("--to: " + e.getMessage(), e);
    }
    if (point instanceof TimePoint.At at) {
      return OffsetSpec.forTimestamp(at.instant().toEpochMilli());
    }
    return point instanceof TimePoint.Earliest ? OffsetSpec.earliest() : OffsetSpec.latest();
  }
}
