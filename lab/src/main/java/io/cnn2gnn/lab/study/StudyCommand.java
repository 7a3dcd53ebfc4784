package io.cnn2gnn.lab.study;

import io.cnn2gnn.cli.kit.CliException;
import io.cnn2gnn.cli.kit.CtrlC;
import io.cnn2gnn.cli.train.TrainCommand;
import io.cnn2gnn.cli.train.TrainingFlags;
import io.cnn2gnn.training.ProgressBars;
import io.cnn2gnn.training.StudyJob;
import io.cnn2gnn.training.TrainOptions;
import io.cnn2gnn.training.Variant;
import io.cnn2gnn.training.data.DataSource;
import io.cnn2gnn.training.data.Shade;
import io.cnn2gnn.training.stream.AnsweringException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

@Command(
    name = "study",
    description = "Trains a student and its controls over several seeds and tabulates them.",
    footer = "A study that was stopped goes on where it was: give the same command.",
    showDefaultValues = true,
    mixinStandardHelpOptions = true)
public final class StudyCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Mixin private TrainingFlags flags;

  @Option(names = "--out", required = true, description = "folder for bundles and tables")
  private Path out;

  @Option(names = "--seeds", split = ",", defaultValue = "1,2,3", description = "of the student")
  private List<Long> seeds;

  @Option(
      names = "--variants",
      split = ",",
      defaultValue = "student,no-distillation,no-graph,random-neighbours,frozen-head",
      description =
          "which, of student, no-distillation, no-graph, random-neighbours, frozen-head and"
              + " no-metric-loss")
  private List<String> variants;

  @Option(
      names = "--stream",
      description =
          "plays the test split to each student as a stream instead, with labels that come late, and"
              + " tabulates it beside filters of the answers alone")
  private boolean stream;

  @Option(
      names = "--served",
      description =
          "with --stream: then plays the streams of the first seed to a running service, too, with"
              + " labels on its topic, and tabulates what it answered beside that")
  private boolean served;

  @Option(
      names = "--dark",
      description =
          "trains on tracks whose mean sample, 0 to 255, is at least so much, and measures on the"
              + " darker ones")
  private Optional<Double> dark = Optional.empty();

  @Override
  public Integer call() throws Exception {
    if (served && !stream) {
      throw new ParameterException(
          spec.commandLine(), "--served plays streams: it needs --stream beside it");
    }
    DataSource all =
        flags
            .data()
            .orElseThrow(
                () ->
                    new ParameterException(
                        spec.commandLine(), "Missing required option: '--data=<data>'"));
    String table;
    try (ProgressBars bars = new ProgressBars()) {
      DataSource data = dark.<DataSource>map(level -> new Shade(all, level)).orElse(all);
      TrainOptions options =
          flags.options(data, out, out.getFileName().toString(), "1", command(), 0);
      StudyJob study =
          new StudyJob(options, variants.stream().map(Variant::of).toList(), seeds, bars);
      table = stream ? stream(study, options.device()) : study.run();
    } catch (IllegalArgumentException | AnsweringException e) {
      throw new CliException(e.getMessage(), e);
    }
    System.out.print(table);
    return 0;
  }

  private String stream(StudyJob study, String device) throws Exception {
    if (!served) {
      return study.stream(Optional.empty());
    }
    CountDownLatch cleared = CtrlC.clearUp();
    try (ServedStudy services = new ServedStudy(device)) {
      return study.stream(Optional.of(services));
    } finally {
      cleared.countDown();
    }
  }

  /** The train command that each run is one of, but for its variant and seed. */
  private String command() {
    List<String> arguments =
        spec.commandLine().getParseResult().originalArgs().stream()
            .filter(argument -> !argument.equals("--stream") && !argument.equals("--served"))
            .toList();
    return TrainCommand.commandLine(
        arguments, "study", Set.of("--out", "--work", "--seeds", "--variants"));
  }
}
