package io.cnn2gnn.cli.kit;

import io.cnn2gnn.model.files.Json;
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

  /** Prints figures by name, counts without a fraction. */
  public static void print(Map<String, Double> figures) {
    figures.forEach(
        (name, value) -> {
          boolean count = value == Math.rint(value) && Math.abs(value) >= 2;
          Terminal.printf(count ? "%-22s %.0f" : "%-22s %.4f", name, value);
        });
  }
}
