package io.cnn2gnn.lab.faults;

import io.cnn2gnn.cli.Main;
import io.cnn2gnn.cli.kit.CliException;
import io.cnn2gnn.cli.kit.Home;
import io.cnn2gnn.cli.kit.Summary;
import io.cnn2gnn.cli.kit.Terminal;
import io.cnn2gnn.faults.FaultHarness;
import io.cnn2gnn.faults.FaultOptions;
import io.cnn2gnn.faults.Row;
import io.cnn2gnn.faults.RowResult;
import io.cnn2gnn.localstack.LocalStackException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
    name = "faults",
    description =
        "Breaks the service in every way it must bear, and has a verifier that only reads topics say"
            + " whether anything was lost or doubled.",
    footer = {
      "Broker, registry and services are processes of this command on free loopback ports; signals"
          + " go to them alone. The logs stay in the work folder.",
      "Exit code: 0 if every row is green, else 1."
    },
    showDefaultValues = true,
    mixinStandardHelpOptions = true)
public final class FaultsCommand implements Callable<Integer> {
  @Option(
      names = "--row",
      split = ",",
      paramLabel = "N",
      description = "rows to run (default: all but the timed one, 24); --list shows them")
  private List<Integer> rows = new ArrayList<>();

  @Option(names = "--list", description = "list the rows and end")
  private boolean list;

  @Option(names = "--fast", description = "only rows whose rounds take seconds")
  private boolean fast;

  @Option(names = "--rounds", defaultValue = "3", description = "per row")
  private int rounds;

  @Option(names = "--minutes", defaultValue = "5", description = "of random faults, row 24")
  private int minutes;

  @Option(names = "--seed", defaultValue = "1", description = "of moments, images and faults")
  private long seed;

  @Option(names = "--bundle", description = "the model (default: the shipped one)")
  private Optional<Path> bundle = Optional.empty();

  @Option(
      names = "--work",
      description =
          "a new folder for data and logs (default: one in the system's temporary folder)")
  private Optional<Path> work = Optional.empty();

  @Option(names = "--summary", paramLabel = "FILE", description = "write the results as JSON")
  private Optional<Path> summary = Optional.empty();

  @Override
  public Integer call() throws Exception {
    if (list) {
      Row.all().forEach(row -> System.out.println(row.title() + (row.isFast() ? "  fast" : "")));
      return 0;
    }
    FaultOptions options;
    try {
      options =
          new FaultOptions(
              chosen(),
              rounds,
              Duration.ofMinutes(minutes),
              seed,
              bundle.orElseGet(Home::bundle),
              service(),
              trainer(),
              folder());
    } catch (IllegalArgumentException e) {
      throw new CliException(e.getMessage(), e);
    }
    System.out.println("data and logs in " + options.work());
    System.out.printf(
        "%-26s %6s %7s %9s %6s %5s %7s %9s %7s%n",
        "row", "rounds", "images", "predicted", "dead", "lost", "doubled", "recovery", "worst");
    List<RowResult> results;
    try {
      results = new FaultHarness(options, FaultsCommand::progress).run(FaultsCommand::print);
    } catch (LocalStackException e) {
      throw new CliException(e.getMessage(), e);
    }
    if (summary.isPresent()) {
      Summary.write(summary.get(), results.stream().map(RowSummary::of).toList());
    }
    long green = results.stream().filter(RowResult::isGreen).count();
    long skipped = results.stream().filter(result -> !result.skipped().isEmpty()).count();
    long red = results.size() - green - skipped;
    System.out.printf("%d rows green, %d red, %d skipped%n", green, red, skipped);
    return red == 0 ? 0 : 1;
  }

  /** The service in a process of its own. */
  public static List<String> service() {
    return List.of(Main.class.getName(), "run");
  }

  /** The training job in a process of its own. */
  public static List<String> trainer() {
    return List.of(Main.class.getName(), "train");
  }

  private List<Row> chosen() {
    if (!rows.isEmpty()) {
      return rows.stream().map(Row::of).toList();
    }
    return Row.all().stream().filter(row -> !row.isTimed() && (!fast || row.isFast())).toList();
  }

  private Path folder() throws CliException {
    try {
      if (work.isEmpty()) {
        return Files.createTempDirectory("cnn2gnn-faults-");
      }
      if (Files.exists(work.get())) {
        throw new CliException("--work " + work.get() + " exists: name a new folder");
      }
      return Files.createDirectories(work.get()).toAbsolutePath();
    } catch (IOException e) {
      throw new CliException("no folder for data and logs: " + e, e);
    }
  }

  private static void progress(String line) {
    System.err.println(line);
  }

  private static void print(RowResult r) {
    if (!r.skipped().isEmpty()) {
      System.out.printf("%-26s skipped: %s%n", r.name(), r.skipped());
      return;
    }
    System.out.printf(
        "%-26s %6d %7d %9d %6d %5d %7d %9s %7s  %s%n",
        r.name(),
        r.rounds(),
        r.images(),
        r.predicted(),
        r.deadLettered(),
        r.lost(),
        r.duplicated(),
        seconds(r.recoverySeconds()),
        seconds(r.worstRecoverySeconds()),
        r.isGreen() ? "green" : "RED");
    r.notes().forEach(note -> Terminal.print("    " + note));
    r.problems().forEach(problem -> Terminal.print("    ! " + problem));
  }

  private static String seconds(double seconds) {
    return Double.isNaN(seconds) ? "" : String.format(Locale.ROOT, "%.1f s", seconds);
  }
}
