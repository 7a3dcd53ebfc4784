package io.cnn2gnn.cli;

import io.cnn2gnn.model.bundle.Bundle;
import io.cnn2gnn.training.ProgressBars;
import io.cnn2gnn.training.TrainJob;
import io.cnn2gnn.training.TrainOptions;
import io.cnn2gnn.training.fit.Schedule;
import io.cnn2gnn.training.fit.StudentFit;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
    name = "train",
    description = "Trains a teacher, distils it into a student and writes a bundle.",
    showDefaultValues = true,
    mixinStandardHelpOptions = true)
final class TrainCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Option(
      names = "--data",
      required = true,
      description = "folder of four IDX files, gzipped or not")
  private Path data;

  @Option(
      names = "--classes",
      split = ",",
      description = "class names by index (default: classes.txt in the folder, else numbers)")
  private List<String> classes = new ArrayList<>();

  @Option(names = "--out", required = true, description = "the bundle to write")
  private Path out;

  @Option(names = "--name", required = true, description = "name of the model")
  private String name;

  @Option(names = "--model-version", required = true, description = "version of the model")
  private String version;

  @Option(names = "--seed", defaultValue = "1", description = "of every random choice")
  private long seed;

  @Option(names = "--device", defaultValue = "auto", description = "auto, cpu or gpu")
  private String device;

  @Option(names = "--teacher-depth", defaultValue = "8", description = "6n + 2 layers")
  private int teacherDepth;

  @Option(
      names = "--teacher-width",
      defaultValue = "32",
      description = "channels of its first stage")
  private int teacherWidth;

  @Option(names = "--teacher-epochs", defaultValue = "8", description = "passes for the teacher")
  private int teacherEpochs;

  @Option(
      names = "--teacher-rate",
      defaultValue = "0.003",
      description = "its highest learning rate")
  private float teacherRate;

  @Option(names = "--epochs", defaultValue = "25", description = "passes for the student")
  private int epochs;

  @Option(names = "--rate", defaultValue = "0.005", description = "its highest learning rate")
  private float rate;

  @Option(names = "--batch", defaultValue = "128", description = "images per step")
  private int batch;

  @Option(names = "--decay", defaultValue = "0.05", description = "weight decay")
  private float decay;

  @Option(names = "--widths", split = ",", defaultValue = "32,64,128", description = "of the stem")
  private List<Integer> widths;

  @Option(names = "--strides", split = ",", defaultValue = "2,2,2", description = "of the stem")
  private List<Integer> strides;

  @Option(names = "--pool", defaultValue = "2", description = "side of the grid the stem ends in")
  private int pool;

  @Option(names = "--neighbours", defaultValue = "8", description = "s, neighbours per image")
  private int neighbours;

  @Option(
      names = "--mix",
      defaultValue = "0.3",
      description = "weight of the neighbourhood beside the image itself")
  private float mix;

  @Option(names = "--lambda", defaultValue = "0.9", description = "weight of the teacher's answers")
  private float lambda;

  @Option(names = "--temperature", defaultValue = "4", description = "softens both answers")
  private float temperature;

  @Option(names = "--memory", defaultValue = "2048", description = "past rows in the graph")
  private int memory;

  @Option(
      names = "--drop-graph",
      defaultValue = "0.2",
      description = "share of steps without graph")
  private float dropGraph;

  @Option(names = "--prototypes", defaultValue = "200", description = "shipped images per class")
  private int prototypes;

  @Override
  public Integer call() throws Exception {
    Bundle bundle = train();
    System.out.printf("%s %s -> %s%n", bundle.card().name(), bundle.card().version(), out);
    new TreeMap<>(bundle.card().metrics())
        .forEach((metric, value) -> System.out.printf("%-18s %.4f%n", metric, value));
    return 0;
  }

  private Bundle train() throws Exception {
    try (ProgressBars bars = new ProgressBars()) {
      return new TrainJob(options(), bars).run();
    } catch (IllegalArgumentException e) {
      throw new CliException(e.getMessage(), e);
    }
  }

  TrainOptions options() {
    return new TrainOptions(
        data,
        classes,
        out,
        name,
        version,
        commandLine(),
        seed,
        device,
        teacherDepth,
        teacherWidth,
        new Schedule(teacherEpochs, batch, teacherRate, decay),
        widths,
        strides,
        pool,
        neighbours,
        mix,
        new Schedule(epochs, batch, rate, decay),
        new StudentFit.Recipe(lambda, temperature, memory, dropGraph),
        prototypes);
  }

  /** The command as the user gave it, for the model card. */
  private String commandLine() {
    return "./cnn2gnn train "
        + spec.commandLine().getParseResult().originalArgs().stream()
            .filter(arg -> !arg.equals("train"))
            .map(arg -> arg.matches("[\\w./:=,-]+") ? arg : "'" + arg + "'")
            .collect(Collectors.joining(" "));
  }
}
