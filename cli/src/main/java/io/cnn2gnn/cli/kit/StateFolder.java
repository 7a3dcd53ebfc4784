package io.cnn2gnn.cli.kit;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Where the demo's topology keeps its state: in the user's folder, or in one that goes away. */
public record StateFolder(Path path, boolean temporary) implements AutoCloseable {
  public static StateFolder in(Optional<Path> dataDir) throws CliException {
    try {
      return dataDir.isPresent()
          ? new StateFolder(Files.createDirectories(dataDir.get().resolve("streams")), false)
          : new StateFolder(Files.createTempDirectory("cnn2gnn-streams-"), true);
    } catch (IOException e) {
      throw new CliException("no folder for the topology's state: " + e, e);
    }
  }

  @Override
  public void close() throws CliException {
    if (!temporary) {
      return;
    }
    try (Stream<Path> files = Files.walk(path)) {
      List<Path> deepestFirst = files.sorted(Comparator.reverseOrder()).toList();
      for (Path file : deepestFirst) {
        Files.deleteIfExists(file);
      }
    } catch (IOException e) {
      throw new CliException("the temporary folder " + path + " could not be deleted: " + e, e);
    }
  }
}
