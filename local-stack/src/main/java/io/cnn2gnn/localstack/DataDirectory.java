package io.cnn2gnn.localstack;

import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The files of one stack, held by a lock as long as it runs. Only what the stack itself writes is
 * ever deleted: the directory may be one that the user has other things in.
 */
final class DataDirectory implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(DataDirectory.class);

  private final Path root;
  private final boolean keep;
  private final DirectoryLock lock;

  private DataDirectory(Path root, boolean keep, DirectoryLock lock) {
    this.root = root;
    this.keep = keep;
    this.lock = lock;
  }

  /**
   * Takes the directory for this process.
   *
   * @throws LocalStackException if another stack has it, or if it holds data that would be deleted
   */
  static DataDirectory open(LocalStackConfig config) throws IOException {
    Path root =
        config.dataDir().isPresent()
            ? Files.createDirectories(config.dataDir().get())
            : Files.createTempDirectory("cnn2gnn-");
    DirectoryLock lock = DirectoryLock.acquire(root);
    try {
      DataDirectory directory = new DataDirectory(root, config.keepData(), lock);
      if (!config.keepData() && Files.exists(directory.broker())) {
        throw new LocalStackException(
            "%s holds the data of an earlier run: keep it, or choose another directory"
                .formatted(root));
      }
      Files.createDirectories(directory.temporary());
      return directory;
    } catch (IOException | RuntimeException e) {
      lock.close();
      throw e;
    }
  }

  Path broker() {
    return root.resolve("broker");
  }

  Path registry() {
    return root.resolve("registry");
  }

  /** For native libraries and caches, which the servers would leave in the system's directory. */
  Path temporary() {
    return root.resolve("tmp");
  }

  Path log(String child) {
    return root.resolve(child + ".log");
  }

  boolean keep() {
    return keep;
  }

  @Override
  public void close() throws IOException {
    delete(temporary());
    if (!keep) {
      for (Path path : List.of(broker(), registry(), log("broker"), log("registry"))) {
        delete(path);
      }
    }
    lock.close();
    if (!keep) {
      try {
        Files.deleteIfExists(root);
      } catch (DirectoryNotEmptyException e) {
        log.info("{} stays, as it holds other files", root);
      }
    }
  }

  private static void delete(Path tree) throws IOException {
    if (Files.notExists(tree)) {
      return;
    }
    List<Path> paths;
    try (Stream<Path> walk = Files.walk(tree)) {
      paths = walk.sorted(Comparator.reverseOrder()).toList();
    }
    for (Path path : paths) {
      Files.delete(path);
    }
  }
}
