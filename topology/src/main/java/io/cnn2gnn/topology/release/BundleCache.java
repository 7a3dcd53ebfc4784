package io.cnn2gnn.topology.release;

import io.cnn2gnn.model.files.AtomicFile;
import io.cnn2gnn.model.files.Sha256;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Bundles that were fetched, by their SHA-256, so that a restart or a rollback need not fetch them
 * again. A disk that fails costs time, nothing else.
 */
final class BundleCache {
  private static final Logger LOG = LoggerFactory.getLogger(BundleCache.class);
  private static final String SUFFIX = ".bundle";

  private final Path folder;

  BundleCache(Path folder) {
    this.folder = folder;
  }

  /**
   * The file of this hash, if it is here and whole.
   *
   * @throws ReleaseRefusedException if it is no hash: what a release says must not choose the path
   */
  Optional<byte[]> get(String sha256) throws ReleaseRefusedException {
    if (!Sha256.isDigest(sha256)) {
      throw new ReleaseRefusedException(
          "the sha256 of its bundle must be 64 hexadecimal digits, and is '%.80s'"
              .formatted(sha256));
    }
    Path file = file(sha256);
    try {
      if (Files.isRegularFile(file)) {
        byte[] bytes = Files.readAllBytes(file);
        if (Sha256.hex(bytes).equalsIgnoreCase(sha256)) {
          return Optional.of(bytes);
        }
        LOG.warn("{} is damaged and is fetched again", file);
      }
    } catch (IOException e) {
      LOG.warn("{} cannot be read and is fetched again: {}", file, e.toString());
    }
    return Optional.empty();
  }

  /** Keeps a file whose hash {@link #get} was asked for. */
  void put(String sha256, byte[] bundle) {
    try {
      AtomicFile.write(file(sha256), bundle);
    } catch (IOException e) {
      LOG.warn("a bundle is not kept for the next start: {}", e.getMessage());
    }
  }

  /** Drops all others. */
  void keepOnly(Set<String> hashes) {
    if (!Files.isDirectory(folder)) {
      return;
    }
    Set<String> names = new HashSet<>();
    hashes.forEach(hash -> names.add(file(hash).getFileName().toString()));
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.toList()) {
        if (!names.contains(file.getFileName().toString())) {
          Files.deleteIfExists(file);
        }
      }
    } catch (IOException e) {
      LOG.warn("old bundles stay in {}: {}", folder, e.toString());
    }
  }

  private Path file(String sha256) {
    return folder.resolve(sha256.toLowerCase(Locale.ROOT) + SUFFIX);
  }
}
