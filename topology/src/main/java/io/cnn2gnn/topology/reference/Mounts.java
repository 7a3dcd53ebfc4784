package io.cnn2gnn.topology.reference;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Remembers on which file systems the allowed folders are. Where one is not mounted any more its
 * mount point is an empty folder of another, in which every file is missing.
 */
final class Mounts {
  private final FileSystems fileSystems;
  private final Map<Path, Object> atTheStart = new HashMap<>();

  /** Tells what a folder is on; equal for two folders of one. */
  interface FileSystems {
    Object of(Path folder) throws IOException;
  }

  Mounts(List<Path> folders, FileSystems fileSystems) {
    this.fileSystems = fileSystems;
    for (Path folder : folders) {
      try {
        atTheStart.put(folder, fileSystems.of(folder));
      } catch (IOException e) {
        throw new UncheckedIOException(folder + " cannot be used", e);
      }
    }
  }

  static Mounts of(List<Path> folders) {
    return new Mounts(folders, Files::getFileStore);
  }

  /** Whether an allowed folder is now on another file system than at the start. */
  boolean isAway(Path folder) throws IOException {
    return !fileSystems.of(folder).equals(atTheStart.get(folder));
  }
}
