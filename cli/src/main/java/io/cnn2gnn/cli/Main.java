package io.cnn2gnn.cli;

import io.cnn2gnn.cli.consume.ConsumeCommand;
import io.cnn2gnn.cli.demo.DemoCommand;
import io.cnn2gnn.cli.demo.StackCommand;
import io.cnn2gnn.cli.device.GpuCheckCommand;
import io.cnn2gnn.cli.kit.CommandShell;
import io.cnn2gnn.cli.label.LabelCommand;
import io.cnn2gnn.cli.page.PageCommand;
import io.cnn2gnn.cli.produce.ProduceCommand;
import io.cnn2gnn.cli.release.ReleaseCommand;
import io.cnn2gnn.cli.run.ConfigCommand;
import io.cnn2gnn.cli.run.RunCommand;
import io.cnn2gnn.cli.status.StatusCommand;
import io.cnn2gnn.cli.train.EvaluateCommand;
import io.cnn2gnn.cli.train.ExportCommand;
import io.cnn2gnn.cli.train.TrainCommand;
import io.cnn2gnn.cli.upkeep.CleanCommand;
import io.cnn2gnn.cli.upkeep.ResetCommand;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The {@code cnn2gnn} command; {@link CommandShell} has its exit codes. */
@Command(
    name = "cnn2gnn",
    description = "Images in, labels out, on Kafka.",
    footer =
        "To measure and to break it, in a clone: bench, faults, fuzz, drift, study, compose-local.",
    mixinStandardHelpOptions = true,
    versionProvider = CommandShell.Version.class,
    subcommands = {
      DemoCommand.class,
      StackCommand.class,
      RunCommand.class,
      ConfigCommand.class,
      ProduceCommand.class,
      ConsumeCommand.class,
      LabelCommand.class,
      PageCommand.class,
      StatusCommand.class,
      TrainCommand.class,
      EvaluateCommand.class,
      ExportCommand.class,
      GpuCheckCommand.class,
      ReleaseCommand.class,
      ResetCommand.class,
      CleanCommand.class
    })
public final class Main {
  private static final CommandShell SHELL = new CommandShell(Main::new);

  private Main() {}

  public static void main(String[] args) {
    SHELL.runAndExit(args);
  }

  /** Runs a command line and returns its exit code; nothing here ends the JVM. */
  public static int run(boolean debug, String... args) {
    return SHELL.run(debug, args);
  }

  /** The command with all its subcommands, as it reads its arguments. */
  public static CommandLine commandLine() {
    return SHELL.commandLine();
  }
}
