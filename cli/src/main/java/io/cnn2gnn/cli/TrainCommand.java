package io.cnn2gnn.cli;

import io.cnn2gnn.model.bundle.Bundle;
import io.cnn2gnn.training.ProgressBars;
import io.cnn2gnn.training.TrainJob;
import io.cnn2gnn.training.TrainOptions;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
    name = "train",
    description = "Trains a teacher or takes a ready one, distils it and writes a bundle.",
    footer = "A run that was stopped goes on where its last epoch ended: give the same command.",
    showDefaultValues = true,
    mixinStandardHelpOptions = true)
final class TrainCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Mixin private TrainingFlags flags;

  @Option(names = "--out", required = true, description = "the bundle to write")
  private Path out;

  @Option(names = "--name", description = "of the model (default: the name of OUT)")
  private String name;

  @Option(names = "--model-version", defaultValue = "1", description = "version of the model")
  private String version;

  @Option(
      names = "--seed",
      defaultValue = "1",
      description = "of the student's first weights, dropped graphs and hidden labels")
  private long seed;

  @Override
  public Integer call() throws Exception {
    Bundle bundle = train();
    System.out.printf("%s %s -> %s%n", bundle.card().name(), bundle.card().version(), out);
    Summary.print(new TreeMap<>(bundle.card().metrics()));
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
    String named = name != null ? name : out.getFileName().toString().replaceAll("\\.bundle$", "");
    return flags.options(out, named, version, commandLine(spec), seed);
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
  static String commandLine(List<String> arguments, String command, Set<String> without) {
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
