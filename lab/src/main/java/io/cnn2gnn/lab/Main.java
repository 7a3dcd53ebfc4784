package io.cnn2gnn.lab;

import io.cnn2gnn.cli.kit.CommandShell;
import io.cnn2gnn.lab.bench.BenchCommand;
import io.cnn2gnn.lab.compose.ComposeCommand;
import io.cnn2gnn.lab.drift.DriftCommand;
import io.cnn2gnn.lab.faults.FaultsCommand;
import io.cnn2gnn.lab.fuzz.FuzzCommand;
import io.cnn2gnn.lab.reference.ReferenceCommand;
import io.cnn2gnn.lab.study.StudyCommand;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/**
 * The commands of {@code cnn2gnn} that measure and break the service. They need a build of the
 * project: no image has them.
 */
@Command(
    name = "cnn2gnn",
    description = "Measures cnn2gnn-streams, and breaks it in every way that it must bear.",
    footer = "The other commands: cnn2gnn --help",
    mixinStandardHelpOptions = true,
    versionProvider = CommandShell.Version.class,
    subcommands = {
      BenchCommand.class,
      FaultsCommand.class,
      FuzzCommand.class,
      DriftCommand.class,
      StudyCommand.class,
      ComposeCommand.class,
      ReferenceCommand.class
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
