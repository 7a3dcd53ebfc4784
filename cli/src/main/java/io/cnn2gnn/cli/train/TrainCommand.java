package io.cnn2gnn.cli.train;

import io.cnn2gnn.cli.kit.CliException;
import io.cnn2gnn.cli.kit.Connection;
import io.cnn2gnn.cli.kit.LostConnections;
import io.cnn2gnn.cli.kit.Summary;
import io.cnn2gnn.cli.kit.Terminal;
import io.cnn2gnn.model.bundle.Bundle;
import io.cnn2gnn.model.drift.DriftReference;
import io.cnn2gnn.model.torch.Torch;
import io.cnn2gnn.schemas.avro.ModelRelease;
import io.cnn2gnn.training.ProgressBars;
import io.cnn2gnn.training.TrainJob;
import io.cnn2gnn.training.TrainOptions;
import io.cnn2gnn.training.data.DataSet;
import io.cnn2gnn.training.data.DataSource;
import io.cnn2gnn.training.data.ImageSet;
import io.cnn2gnn.training.gate.Gate;
import io.cnn2gnn.training.gate.GateOptions;
import io.cnn2gnn.training.gate.GateResult;
import io.cnn2gnn.training.service.ReleaseDesk;
import io.cnn2gnn.training.service.TrainingService;
import io.cnn2gnn.training.topic.StreamRange;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

@Command(
    name = "train",
    description = "Trains a teacher or takes a ready one, distils it and writes a bundle.",
    footer = "A run that was stopped goes on where its last epoch ended: give the same command.",
    showDefaultValues = true,
    mixinStandardHelpOptions = true)
public final class TrainCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Mixin private TrainingFlags flags;

  @Mixin private StreamFlags stream;

  @Mixin private Connection connection;

  @Option(names = "--out", description = "the bundle to write; not with --continuously")
  private Optional<Path> out = Optional.empty();

  @Option(names = "--name", description = "of the model (default: the name of OUT)")
  private Optional<String> name = Optional.empty();

  @Option(
      names = "--model-version",
      description = "version of the model (default: 1, or with --release the time of the start)")
  private Optional<String> version = Optional.empty();

  @Option(
      names = "--seed",
      defaultValue = "1",
      description = "of the student's first weights, dropped graphs and hidden labels")
  private long seed;

  @Override
  public Integer call() throws Exception {
    check();
    try {
      if (stream.topic.isEmpty()) {
        train(flags.data().orElseThrow(), "1");
        return 0;
      }
      StreamTraining training = new StreamTraining(stream, flags, connection.properties());
      return stream.continuously ? continuously(training) : once(training);
    } catch (IllegalArgumentException e) {
      throw new CliException(e.getMessage(), e);
    }
  }

  /** Refuses options that do not go together. */
  public void check() {
    stream.mistake().ifPresent(this::wrong);
    if (stream.topic.isEmpty() && flags.data().isEmpty()) {
      wrong("Missing required option: '--data=<data>' or '--from-topic=TOPIC'");
    }
    if (stream.continuously && (name.isEmpty() || flags.work().isEmpty())) {
      wrong("--continuously needs --name of the model, and --work, the folder of its memory");
    }
    if (!stream.continuously && out.isEmpty()) {
      wrong("Missing required option: '--out=<out>'");
    }
  }

  private void wrong(String message) {
    throw new ParameterException(spec.commandLine(), message);
  }

  private int continuously(StreamTraining training) throws Exception {
    LostConnections.tell();
    Path work = flags.work().orElseThrow();
    DataSource none =
        () -> {
          throw new IllegalStateException("each training brings its own data");
        };
    TrainOptions options =
        flags.options(
            none, work.resolve("next.bundle"), name.orElseThrow(), "", commandLine(spec), seed);
    try (ProgressBars bars = new ProgressBars()) {
      training.run(options, bars);
    }
    return 0;
  }

  private int once(StreamTraining training) throws Exception {
    String started = TrainingService.version(Instant.now());
    Optional<ReleaseDesk> desk =
        stream.release.isPresent() ? Optional.of(training.desk(flags.device())) : Optional.empty();
    Optional<Bundle> active =
        desk.isPresent()
            ? desk.get().active(named())
            : stream.active.isPresent()
                ? Optional.of(Bundle.read(stream.active.get()))
                : Optional.empty();
    if (desk.isPresent() && version.isPresent()) {
      checkNew(desk.get(), version.get());
    }
    StreamRange range = training.range();
    DataSet data =
        training.data(range, active.map(b -> b.card().classes()).orElse(List.of())).read();
    Bundle bundle = train(named(range.toString(), data), desk.isPresent() ? started : "1");
    if (desk.isPresent()) {
      GateResult result = desk.get().judge(bundle, data.test());
      ModelRelease release = desk.get().publish(bundle, result);
      Terminal.printf("%s: %s", release.getState(), release.getBundle().getUri());
      return GateReport.released(result, release, stream.release.get().state());
    }
    return active.isPresent() ? compare(active.get(), bundle, data.test()) : 0;
  }

  private void checkNew(ReleaseDesk desk, String wanted) throws Exception {
    if (!desk.releases().isFree(named(), wanted)) {
      throw new CliException(
          "%s:%s was released before: give another --model-version".formatted(named(), wanted));
    }
  }

  private int compare(Bundle active, Bundle bundle, ImageSet heldOut) throws Exception {
    GateOptions options = stream.gate.options();
    GateResult result =
        Gate.compare(active, bundle, heldOut, options, Torch.device(flags.device()));
    return GateReport.compared(result, options.whenTooFew());
  }

  /** Data that was read already, by the name of where it came from. */
  private static DataSource named(String text, DataSet data) {
    return new DataSource() {
      @Override
      public DataSet read() {
        return data;
      }

      @Override
      public String toString() {
        return text;
      }
    };
  }

  private String named() {
    return name.orElseGet(
        () -> out.orElseThrow().getFileName().toString().replaceAll("\\.bundle$", ""));
  }

  private Bundle train(DataSource data, String otherwise) throws Exception {
    Path file = out.orElseThrow();
    TrainOptions options =
        flags.options(data, file, named(), version.orElse(otherwise), commandLine(spec), seed);
    Bundle bundle;
    try (ProgressBars bars = new ProgressBars()) {
      bundle = new TrainJob(options, bars).run();
    }
    Terminal.printf("%s %s -> %s", bundle.card().name(), bundle.card().version(), file);
    Terminal.print("measured on the test split:");
    Summary.print(DriftReference.without(bundle.card().metrics()));
    Terminal.printf("curves and pictures: %s", file.resolveSibling(file.getFileName() + ".report"));
    return bundle;
  }

  /** The command as the user gave it, for the model card. */
  private static String commandLine(CommandSpec spec) {
    return commandLine(spec.commandLine().getParseResult().originalArgs(), "train", Set.of());
  }

  /**
   * A train command of given arguments.
   *
   * @param command whose arguments they are
   * @param without options, each with a value, that are left out
   */
  public static String commandLine(List<String> arguments, String command, Set<String> without) {
    List<String> kept = new ArrayList<>(arguments);
    kept.remove(command);
    StringBuilder line = new StringBuilder("./cnn2gnn train");
    for (int i = 0; i < kept.size(); i++) {
      String argument = kept.get(i);
      if (without.contains(argument)) {
        i++;
      } else if (!without.contains(argument.replaceFirst("=.*", ""))) {
        line.append(' ');
        line.append(argument.matches("[\\w./:=,-]+") ? argument : "'" + argument + "'");
      }
    }
    return line.toString();
  }
}
