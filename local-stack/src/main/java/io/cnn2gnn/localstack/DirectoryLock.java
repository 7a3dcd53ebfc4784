package io.cnn2gnn.localstack;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Keeps everybody else out of a directory, in this JVM and in others, until it is closed or this
 * JVM ends.
 */
final class DirectoryLock implements AutoCloseable {
  private static final String FILE = "local-stack.lock";

  /**
   * Closing any channel of a file gives up all locks that this JVM has on it (POSIX), so a second
   * channel is never opened.
   */
  private static final Set<Path> HELD = ConcurrentHashMap.newKeySet();

  private final Path file;
  private final FileChannel channel;

  private DirectoryLock(Path file, FileChannel channel) {
    this.file = file;
    this.channel = channel;
  }

  /**
   * Takes an existing directory.
   *
   * @throws LocalStackException if somebody has it
   */
  static DirectoryLock acquire(Path directory) throws IOException {
    Path file = directory.toRealPath().resolve(FILE);
    if (!HELD.add(file)) {
      throw inUse(directory);
    }
    try {
      FileChannel channel =
          FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      if (channel.tryLock() == null) {
        channel.close();
        throw inUse(directory);
      }
      return new DirectoryLock(file, channel);
    } catch (IOException | RuntimeException e) {
      HELD.remove(file);
      throw e;
    }
  }

  private static LocalStackException inUse(Path directory) {
    return new LocalStackException("another local stack runs in " + directory);
  }

  /** Leaves no file behind. A second call does nothing. */
  @Override
  public void close() throws IOException {
    if (!channel.isOpen()) {
      return;
    }
    Files.deleteIfExists(file);
    channel.close();
    HELD.remove(file);
  }
}
