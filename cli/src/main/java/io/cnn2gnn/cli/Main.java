package io.cnn2gnn.cli;

import io.cnn2gnn.topology.app.BrokerFaults;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParameterException;

/** The {@code cnn2gnn} command. Exit codes: 0 done, 1 failed, 2 called wrongly, 130 interrupted. */
@Command(
    name = "cnn2gnn",
    description = "Images in, labels out, on Kafka.",
    mixinStandardHelpOptions = true,
    versionProvider = Main.Version.class,
    subcommands = {
      DemoCommand.class,
      RunCommand.class,
      ConfigCommand.class,
      ProduceCommand.class,
      ConsumeCommand.class,
      TrainCommand.class,
      StudyCommand.class,
      EvaluateCommand.class,
      ReleaseCommand.class,
      ResetCommand.class,
      CleanCommand.class,
      DriftCommand.class,
      FaultsCommand.class,
      FuzzCommand.class,
      BenchCommand.class,
      ComposeCommand.class
    })
public final class Main {
  private static final String DEBUG = "--debug";

  static final class Version implements CommandLine.IVersionProvider {
    @Override
    public String[] getVersion() {
      String version = Main.class.getPackage().getImplementationVersion();
      return new String[] {"cnn2gnn " + (version == null ? "(development)" : version)};
    }
  }

  private Main() {}

  public static void main(String[] args) {
    // Logback reads these when the first logger is made.
    boolean debug = Arrays.asList(args).contains(DEBUG);
    boolean service = args.length > 0 && args[0].equals("run");
    boolean trains = Arrays.asList(args).contains("--continuously");
    // A training service makes a client for every look, and each would tell how it is configured.
    String clients = debug || service ? "INFO" : trains ? "WARN" : "ERROR";
    setLevels(debug ? "DEBUG" : service || trains ? "INFO" : "WARN", clients);
    int code = run(debug, args);
    System.out.flush();
    System.exit(code);
  }

  private static void setLevels(String root, String clients) {
    System.setProperty("cnn2gnn.log.root", root);
    System.setProperty("cnn2gnn.log.kafka", clients);
    System.setProperty("cnn2gnn.log.refusals", clients.equals("ERROR") ? "OFF" : clients);
  }

  /** Runs a command line and returns its exit code; nothing here ends the JVM. */
  static int run(boolean debug, String... args) {
    List<String> rest = Arrays.stream(args).filter(arg -> !arg.equals(DEBUG)).toList();
    CommandLine cli = commandLine();
    cli.setExecutionExceptionHandler(
        (e, command, parsed) -> {
          if (e instanceof InterruptedException) {
            return 130;
          }
          if (debug) {
            LoggerFactory.getLogger(Main.class).error(oneLine(e), e);
          } else {
            Terminal.complain(oneLine(e));
          }
          return 1;
        });
    cli.setParameterExceptionHandler(Main::explain);
    if (rest.isEmpty()) {
      cli.usage(System.err);
      return 2;
    }
    return cli.execute(rest.toArray(new String[0]));
  }

  /** The command with all its subcommands, as it reads its arguments. */
  static CommandLine commandLine() {
    CommandLine cli = new CommandLine(new Main());
    cli.setCaseInsensitiveEnumValuesAllowed(true);
    // bench --suite bank: a suite and a subcommand have one name.
    cli.setAllowSubcommandsAsOptionParameters(true);
    // The last one counts, so that a command can be changed by what is added to it.
    cli.setOverwrittenOptionsAllowed(true);
    cli.setHelpFactory(UsageHelp::new);
    return cli;
  }

  private static int explain(ParameterException e, String[] args) {
    Terminal.complain(e.getMessage());
    System.err.println("  try: cnn2gnn " + e.getCommandLine().getCommandName() + " --help");
    return 2;
  }

  private static String oneLine(Throwable e) {
    Optional<String> refused =
        e instanceof CliException ? Optional.empty() : BrokerFaults.explain("the broker", e);
    if (refused.isPresent()) {
      return refused.get();
    }
    String message = e.getMessage() == null ? e.toString() : e.getMessage();
    String known =
        e instanceof CliException || e instanceof java.io.IOException
            ? message
            : e.getClass().getSimpleName() + ": " + message;
    return known.lines().findFirst().orElse(known);
  }
}
