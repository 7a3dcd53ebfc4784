package io.cnn2gnn.cli.kit;

import io.cnn2gnn.topology.app.BrokerFaults;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;

/**
 * What every {@code cnn2gnn} command line has: levels of the log, one line for what went wrong,
 * exit codes. 0 done, 1 failed, 2 called wrongly, 3 late, 130 interrupted.
 */
public final class CommandShell {
  /** The exit code of a status that is not as good as was asked for. */
  public static final int LATE = 3;

  private static final String DEBUG = "--debug";

  private static final Map<String, String> EXIT_CODES = new LinkedHashMap<>();

  static {
    EXIT_CODES.put("0", "done");
    EXIT_CODES.put("1", "failed; the last line says why");
    EXIT_CODES.put("2", "called wrongly");
    EXIT_CODES.put("3", "status --fail-if-older-than: an image waits longer than that");
    EXIT_CODES.put("130", "interrupted");
  }

  /** Says which version this is. */
  public static final class Version implements CommandLine.IVersionProvider {
    @Override
    public String[] getVersion() {
      String version = CommandShell.class.getPackage().getImplementationVersion();
      return new String[] {"cnn2gnn " + (version == null ? "(development)" : version)};
    }
  }

  private final Supplier<Object> command;

  /**
   * @param command makes the command with all its subcommands, anew for each line
   */
  public CommandShell(Supplier<Object> command) {
    this.command = command;
  }

  /** Runs a command line and ends the JVM with its exit code. */
  public void runAndExit(String... args) {
    // Logback reads these when the first logger is made.
    boolean debug = Arrays.asList(args).contains(DEBUG);
    boolean service = args.length > 0 && args[0].equals("run");
    boolean trains = Arrays.asList(args).contains("--continuously");
    // Each client tells at length how it is configured, and a wrong address in thousands of lines.
    String clients = debug ? "INFO" : service || trains ? "WARN" : "ERROR";
    setLevels(debug ? "DEBUG" : service || trains ? "INFO" : "WARN", clients);
    int code = run(debug, args);
    System.out.flush();
    System.exit(code);
  }

  private static void setLevels(String root, String clients) {
    setLevel("root", root);
    setLevel("kafka", clients);
    setLevel("refusals", clients.equals("INFO") ? clients : "OFF");
  }

  private static void setLevel(String name, String level) {
    String property = "cnn2gnn.log." + name;
    System.setProperty(property, System.getProperty(property, level));
  }

  /** Runs a command line and returns its exit code; nothing here ends the JVM. */
  public int run(boolean debug, String... args) {
    List<String> rest = Arrays.stream(args).filter(arg -> !arg.equals(DEBUG)).toList();
    CommandLine cli = commandLine();
    cli.setExecutionExceptionHandler(
        (e, command, parsed) -> {
          if (e instanceof InterruptedException) {
            return 130;
          }
          if (debug) {
            LoggerFactory.getLogger(CommandShell.class).error(oneLine(e), e);
          } else {
            Terminal.complain(oneLine(e));
          }
          return 1;
        });
    cli.setParameterExceptionHandler(CommandShell::explain);
    if (rest.isEmpty()) {
      cli.usage(System.err);
      return 2;
    }
    try {
      return cli.execute(rest.toArray(new String[0]));
    } catch (OutOfMemoryError e) {
      return tooSmall(e, debug);
    }
  }

  private static int tooSmall(OutOfMemoryError e, boolean debug) {
    if (debug) {
      LoggerFactory.getLogger(CommandShell.class).error(e.getMessage(), e);
    }
    String what = String.valueOf(e.getMessage());
    long mebibytes = Runtime.getRuntime().maxMemory() >> 20;
    // Threads and memory off the heap run out of something else.
    boolean heap = what.contains("heap space") || what.contains("GC overhead");
    Terminal.complain(
        "memory does not suffice (%s)".formatted(what)
            + (heap
                ? ", with a heap of %,d MiB: allow more with CNN2GNN_JAVA_OPTS=-Xmx%dg"
                    .formatted(mebibytes, (2 * mebibytes + 1023) >> 10)
                : ""));
    return 1;
  }

  /** The command with all its subcommands, as it reads its arguments. */
  public CommandLine commandLine() {
    CommandLine cli = new CommandLine(command.get());
    cli.setCaseInsensitiveEnumValuesAllowed(true);
    // bench --suite bank: a suite and a subcommand have one name.
    cli.setAllowSubcommandsAsOptionParameters(true);
    // The last one counts, so that a command can be changed by what is added to it.
    cli.setOverwrittenOptionsAllowed(true);
    cli.setHelpFactory(UsageHelp::new);
    cli.getCommandSpec()
        .usageMessage()
        .exitCodeListHeading("%nExit codes:%n")
        .exitCodeList(EXIT_CODES)
        .footerHeading("%n");
    return cli;
  }

  private static int explain(ParameterException e, String[] args) {
    Terminal.complain(e.getMessage());
    System.err.println("  try: " + e.getCommandLine().getCommandSpec().qualifiedName() + " --help");
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
