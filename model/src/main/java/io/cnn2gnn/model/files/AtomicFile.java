package io.cnn2gnn.model.files;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/** Files that are there whole or not at all. */
public final class AtomicFile {
  private static final int PIECE = 1 << 20;

  private AtomicFile() {}

  /**
   * Makes a folder and proves that files can be written to it, before hours of work depend on it.
   *
   * @throws IOException naming the folder
   */
  public static void prepare(Path folder) throws IOException {
    try {
      Files.createDirectories(folder);
      Path probe = temporary(folder, "probe");
      Files.write(probe, new byte[4096]);
      Files.delete(probe);
    } catch (IOException e) {
      throw new IOException("cannot write to folder " + folder + ": " + e.getMessage(), e);
    }
  }

  /** What a file is to hold. */
  @FunctionalInterface
  public interface Content {
    /** Writes all of it. */
    void writeTo(WritableByteChannel out) throws IOException;
  }

  /** Writes to a temporary name, syncs, and renames. */
  public static void write(Path file, byte[] bytes) throws IOException {
    write(
        file,
        out -> {
          // A channel takes memory off the heap for all that it is given at once.
          for (int from = 0; from < bytes.length; from += PIECE) {
            writeAll(ByteBuffer.wrap(bytes, from, Math.min(PIECE, bytes.length - from)), out);
          }
        });
  }

  /** Writes all that is left in a buffer. */
  public static void writeAll(ByteBuffer buffer, WritableByteChannel out) throws IOException {
    while (buffer.hasRemaining()) {
      out.write(buffer);
    }
  }

  /** The same, for what is too large for an array. */
  public static void write(Path file, Content content) throws IOException {
    Path folder = file.toAbsolutePath().getParent();
    Files.createDirectories(folder);
    Path temporary = temporary(folder, file.getFileName().toString());
    try {
      try (FileChannel channel =
          FileChannel.open(
              temporary,
              StandardOpenOption.CREATE,
              StandardOpenOption.TRUNCATE_EXISTING,
              StandardOpenOption.WRITE)) {
        content.writeTo(channel);
        channel.force(true);
      }
      Files.move(
          temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw new IOException("cannot write " + file + ": " + e.getMessage(), e);
    } finally {
      Files.deleteIfExists(temporary);
    }
  }

  /** Named by process, since {@code createTempFile} would make it readable by its owner only. */
  private static Path temporary(Path folder, String name) {
    return folder.resolve("." + name + "." + ProcessHandle.current().pid() + ".tmp");
  }
}
