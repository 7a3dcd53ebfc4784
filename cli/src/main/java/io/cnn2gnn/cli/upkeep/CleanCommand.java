package io.cnn2gnn.cli.upkeep;

import io.cnn2gnn.cli.kit.CliException;
import io.cnn2gnn.topology.app.Clean;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(
    name = "clean",
    description = {
      "Deletes the state of a stopped service, the bank too: its internal topics, and its folder"
          + " in",
      "state.dir on this machine. User topics and the group's offsets stay."
    },
    mixinStandardHelpOptions = true)
public final class CleanCommand implements Callable<Integer> {
  @Mixin private UpkeepFlags flags;

  @Override
  public Integer call() throws CliException {
    flags.carryOut(new Clean(flags.footprint(), flags.dryRun)::run);
    return 0;
  }
}
