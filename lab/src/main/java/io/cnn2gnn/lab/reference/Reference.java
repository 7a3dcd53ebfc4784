package io.cnn2gnn.lab.reference;

import io.cnn2gnn.cli.Main;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine;

/** The pages of {@code docs/reference}, as the code has them. */
final class Reference {
  private final Path folder;
  private final Map<String, String> pages = new LinkedHashMap<>();

  /**
   * Made of the code of this build.
   *
   * @param laboratory the commands beside those of the product
   */
  Reference(Path home, CommandLine laboratory) {
    this.folder = home.resolve("docs/reference");
    pages.put("configuration.md", ConfigurationPage.text());
    pages.put("commands.md", CommandsPage.text(Main.commandLine(), laboratory));
    pages.put("metrics.md", MetricsPage.text());
    pages.put("acls.md", AclsPage.text());
  }

  /** Its files by name, with their text. */
  Map<String, String> pages() {
    return Map.copyOf(pages);
  }

  /** The files that say otherwise than the code, or are not there. */
  List<Path> stale() throws IOException {
    List<Path> stale = new ArrayList<>();
    for (Map.Entry<String, String> page : pages.entrySet()) {
      Path file = folder.resolve(page.getKey());
      if (!read(file).equals(page.getValue())) {
        stale.add(file);
      }
    }
    return stale;
  }

  private static String read(Path file) throws IOException {
    try {
      return Files.readString(file);
    } catch (NoSuchFileException e) {
      return "";
    }
  }

  /** Writes those, and says which they were. */
  List<Path> write() throws IOException {
    List<Path> stale = stale();
    Files.createDirectories(folder);
    for (Path file : stale) {
      Files.writeString(file, pages.get(file.getFileName().toString()));
    }
    return stale;
  }
}
