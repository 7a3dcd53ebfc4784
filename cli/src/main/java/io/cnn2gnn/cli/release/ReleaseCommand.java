package io.cnn2gnn.cli.release;

import io.cnn2gnn.cli.kit.CliException;
import io.cnn2gnn.cli.kit.Summary;
import io.cnn2gnn.cli.kit.Terminal;
import io.cnn2gnn.schemas.avro.ModelEvent;
import io.cnn2gnn.schemas.avro.ModelEventKind;
import io.cnn2gnn.schemas.avro.ModelRelease;
import io.cnn2gnn.schemas.release.ReleaseDecisions;
import io.cnn2gnn.schemas.release.Releases;
import io.cnn2gnn.training.release.ReleaseRecords;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
    name = "release",
    description = "Which version of a model answers: lists, publishes, promotes, rolls back.",
    mixinStandardHelpOptions = true,
    subcommands = ReleasePublishCommand.class)
public final class ReleaseCommand implements Runnable {
  @Spec private CommandSpec spec;

  @Override
  public void run() {
    throw new ParameterException(
        spec.commandLine(), "what to do? list, show, publish, promote, rollback or retire");
  }

  @Command(
      name = "list",
      description = "All releases, the one that was spoken of last first.",
      mixinStandardHelpOptions = true)
  int list(@Mixin ReleaseTopic topic) throws CliException {
    Releases releases = topic.read().releases();
    Terminal.printf("%-10s %-32s %-20s %8s  %s", "state", "release", "since", "accuracy", "reason");
    for (String name : releases.names()) {
      for (ModelRelease release : releases.of(name)) {
        Terminal.printf(
            "%-10s %-32s %-20s %8s  %s",
            state(releases, release),
            Releases.key(release),
            release.getCreatedAt().truncatedTo(ChronoUnit.SECONDS),
            Releases.accuracy(release).map(share -> "%.2f %%".formatted(100 * share)).orElse(""),
            release.getReason());
      }
    }
    return 0;
  }

  private static String state(Releases releases, ModelRelease release) {
    return releases.isReplaced(release)
        ? "(active)"
        : release.getState().toString().toLowerCase(Locale.ROOT);
  }

  @Command(
      name = "show",
      description = "All that is known of a release.",
      mixinStandardHelpOptions = true)
  int show(
      @Mixin ReleaseTopic topic,
      @Parameters(
              paramLabel = "VERSION",
              arity = "0..1",
              description = "of the release (default: the one that answers)")
          Optional<String> version,
      @Option(
              names = "--events-topic",
              paramLabel = "TOPIC",
              defaultValue = "models.events",
              description = "where services tell of its trial (default: ${DEFAULT-VALUE})")
          String events)
      throws CliException {
    ReleaseTopic.Open open = topic.read();
    String name = open.name();
    Optional<ModelRelease> found =
        version.isPresent()
            ? open.releases().find(name, version.get())
            : open.releases().active(name);
    ModelRelease release =
        found.orElseThrow(
            () ->
                new CliException(
                    version.isPresent()
                        ? Releases.key(name, version.get()) + " was never released"
                        : "no release of " + name + " is active"));
    Terminal.printf("release   %s", Releases.key(release));
    Terminal.printf("state     %s", state(open.releases(), release));
    Terminal.printf("since     %s", release.getCreatedAt());
    Terminal.printf("reason    %s", release.getReason());
    Terminal.printf("space     %s", release.getSpace());
    Terminal.printf("bundle    %s", release.getBundle().getUri());
    Terminal.printf("sha256    %s", release.getBundle().getSha256());
    Terminal.printf("bytes     %d", release.getBundle().getSize());
    figures(release.getMetrics());
    trials(open, release, events);
    return 0;
  }

  private static void figures(Map<String, Double> metrics) {
    Map<String, Double> own = new TreeMap<>();
    Map<String, Double> gate = new TreeMap<>();
    metrics.forEach(
        (name, value) -> {
          boolean ofGate = name.startsWith(ReleaseRecords.GATE);
          (ofGate ? gate : own)
              .put(ofGate ? name.substring(ReleaseRecords.GATE.length()) : name, value);
        });
    Summary.print(own);
    if (!gate.isEmpty()) {
      Terminal.print("the gate, on images held out:");
      Summary.print(gate);
    }
  }

  /** Who may not read of trials sees the rest. */
  private static void trials(ReleaseTopic.Open open, ModelRelease release, String events) {
    try {
      for (ModelEvent trial : open.trials(release, events)) {
        Terminal.printf(
            "shadow    %s at %s, by %s: %s",
            trial.getKind() == ModelEventKind.SHADOWED ? "tried" : "on trial",
            trial.getAt().truncatedTo(ChronoUnit.SECONDS),
            trial.getInstance(),
            trial.getMessage());
      }
    } catch (CliException e) {
      Terminal.printf("shadow    not known: %s", e.getMessage());
    }
  }

  @Command(
      name = "promote",
      description = "Lets a release answer: every service takes it between two batches.",
      mixinStandardHelpOptions = true)
  int promote(
      @Mixin ReleaseTopic topic,
      @Parameters(
              paramLabel = "VERSION",
              arity = "0..1",
              description = "of the release (default: the candidate)")
          Optional<String> version,
      @Option(
              names = "--reason",
              defaultValue = ReleaseDecisions.PROMOTED,
              paramLabel = "TEXT",
              description = "kept with the decision (default: ${DEFAULT-VALUE})")
          String reason)
      throws CliException, InterruptedException {
    topic.carryOut((decisions, name) -> decisions.promote(name, version, reason));
    return 0;
  }

  @Command(
      name = "rollback",
      description =
          "Lets the release that answered before answer again, and retires the one that does now.",
      mixinStandardHelpOptions = true)
  int rollback(
      @Mixin ReleaseTopic topic,
      @Option(
              names = "--reason",
              defaultValue = ReleaseDecisions.ROLLED_BACK,
              paramLabel = "TEXT",
              description = "kept with the decision (default: ${DEFAULT-VALUE})")
          String reason)
      throws CliException, InterruptedException {
    topic.carryOut((decisions, name) -> decisions.rollback(name, reason));
    return 0;
  }

  @Command(
      name = "retire",
      description = "Takes a release out of use that does not answer, such as the candidate.",
      mixinStandardHelpOptions = true)
  int retire(
      @Mixin ReleaseTopic topic,
      @Parameters(paramLabel = "VERSION", description = "of the release") String version,
      @Option(
              names = "--reason",
              defaultValue = ReleaseDecisions.RETIRED,
              paramLabel = "TEXT",
              description = "kept with the decision (default: ${DEFAULT-VALUE})")
          String reason)
      throws CliException, InterruptedException {
    topic.carryOut((decisions, name) -> decisions.retire(name, version, reason));
    return 0;
  }
}
