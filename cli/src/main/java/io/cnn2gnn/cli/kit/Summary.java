package io.cnn2gnn.cli.kit;

import io.cnn2gnn.model.files.Json;
import io.cnn2gnn.training.report.Figures;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** Summaries as JSON files and on the terminal. */
public final class Summary {
  private Summary() {}

  /** Writes a record or figures by name as {@link Json} does. */
  public static void write(Path file, Object summary) throws CliException {
    try {
      Files.writeString(file, Json.text(summary));
    } catch (IOException e) {
      throw new CliException("the summary cannot be written to " + file + ": " + e, e);
    }
  }

  /** Prints figures of a model by name, counts without a fraction, each with what it is. */
  public static void print(Map<String, Double> figures) {
    figures.forEach(
        (name, value) ->
            Terminal.print(
                "%-24s %-8s  %s"
                    .formatted(name, Figures.text(value), Figures.meaning(name))
                    .stripTrailing()));
  }
}
