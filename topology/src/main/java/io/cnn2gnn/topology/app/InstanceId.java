package io.cnn2gnn.topology.app;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The id of a static group member. A static member comes back after a crash without waiting for its
 * former self's session to end (seconds, not 45).
 *
 * <p>Ids are kept in the state directory. An id is locked for as long as its owner lives, so a
 * second instance with the same directory takes the next one.
 */
final class InstanceId implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(InstanceId.class);
  private static final int MOST = 64;
  private static final Pattern UUID_TEXT =
      Pattern.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}");

  private final String value;
  private final FileChannel lock;

  private InstanceId(String value, FileChannel lock) {
    this.value = value;
    this.lock = lock;
  }

  /** Claims the first id in the folder that nobody holds; makes one where there is none. */
  static InstanceId claim(Path folder) throws IOException {
    Files.createDirectories(folder);
    for (int i = 0; i < MOST; i++) {
      FileChannel lock =
          FileChannel.open(
              folder.resolve("lock-" + i), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      try {
        if (isFree(lock)) {
          return new InstanceId(read(folder.resolve("id-" + i)), lock);
        }
      } catch (IOException | RuntimeException e) {
        lock.close();
        throw e;
      }
      lock.close();
    }
    throw new IOException(folder + " holds " + MOST + " living instances; use another state.dir");
  }

  /** The ids in the folder, and of each whether its owner lives. */
  static Map<String, Boolean> known(Path folder) throws IOException {
    Map<String, Boolean> ids = new TreeMap<>();
    for (int i = 0; i < MOST; i++) {
      Path file = folder.resolve("lock-" + i);
      if (Files.exists(file)) {
        try (FileChannel lock = FileChannel.open(file, StandardOpenOption.WRITE)) {
          ids.put(text(folder.resolve("id-" + i)).orElse(file.toString()), !isFree(lock));
        }
      }
    }
    return ids;
  }

  private static boolean isFree(FileChannel channel) throws IOException {
    try {
      return channel.tryLock() != null;
    } catch (OverlappingFileLockException e) {
      return false; // held by this very process
    }
  }

  private static Optional<String> text(Path file) throws IOException {
    return Files.exists(file)
        ? Optional.of(Files.readString(file, StandardCharsets.ISO_8859_1).strip())
            .filter(id -> UUID_TEXT.matcher(id).matches())
        : Optional.empty();
  }

  private static String read(Path file) throws IOException {
    Optional<String> known = text(file);
    if (known.isPresent()) {
      return known.get();
    }
    if (Files.exists(file)) {
      LOG.warn("{} is damaged; this instance joins under a new id", file);
    }
    String id = UUID.randomUUID().toString();
    // Renamed when whole: a crash in between must not leave half an id.
    Path temporary = file.resolveSibling(file.getFileName() + ".tmp");
    Files.writeString(temporary, id);
    Files.move(
        temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    return id;
  }

  String value() {
    return value;
  }

  @Override
  public void close() {
    try {
      lock.close();
    } catch (IOException e) {
      throw new java.io.UncheckedIOException("releasing the instance id", e);
    }
  }
}
