package io.cnn2gnn.faults;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** What rows need of the machine that they run on, and do to it. */
final class Machine {
  private Machine() {}

  /** Says so if a file is not there; else empty. */
  static String lack(Path file) {
    return Files.exists(file) ? "" : "there is no " + file;
  }

  /** Runs a program that is to succeed within seconds; returns what it says. */
  static String run(List<String> command) throws IOException, InterruptedException {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (!process.waitFor(20, TimeUnit.SECONDS) || process.exitValue() != 0) {
      throw new FaultException(String.join(" ", command) + " failed: " + said.strip());
    }
    return said;
  }

  /** Why there can be no small file system here; empty if there can. */
  static String cannotMount() {
    return "root".equals(System.getProperty("user.name"))
        ? lack(Path.of("/usr/bin/mount"))
        : "mounting a small file system needs root";
  }

  /**
   * Mounts an empty file system on a folder.
   *
   * @param size as tmpfs takes it, such as {@code 512k}
   */
  static void mount(Path folder, String size) throws IOException, InterruptedException {
    run(List.of("mount", "-t", "tmpfs", "-o", "size=" + size, "cnn2gnn-faults", folder.toString()));
  }

  static void unmount(Path folder) throws IOException, InterruptedException {
    var unused = run(List.of("umount", "-l", folder.toString()));
  }

  /** Writes a file until its file system is full to the last byte. */
  static void fill(Path file) throws IOException {
    try (var out = Files.newOutputStream(file)) {
      byte[] block = new byte[1 << 16];
      while (true) {
        out.write(block);
      }
    } catch (IOException e) {
      if (!String.valueOf(e.getMessage()).contains("No space left")) {
        throw e;
      }
    }
  }

  /** Deletes a folder with all that is in it. */
  static void delete(Path tree) throws IOException {
    try (Stream<Path> files = Files.walk(tree)) {
      List<Path> deepestFirst = files.sorted(Comparator.reverseOrder()).toList();
      for (Path file : deepestFirst) {
        Files.delete(file);
      }
    }
  }
}
