package io.cnn2gnn.cli;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Summaries as JSON files. */
final class Json {
  private static final Gson GSON =
      new GsonBuilder().setPrettyPrinting().disableHtmlEscaping().create();

  private Json() {}

  static void write(Path file, Object summary) throws CliException {
    try {
      Files.writeString(file, GSON.toJson(summary) + "\n");
    } catch (IOException e) {
      throw new CliException("the summary cannot be written to " + file + ": " + e, e);
    }
  }
}
