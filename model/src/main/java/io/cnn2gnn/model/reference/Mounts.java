package io.cnn2gnn.model.reference;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Remembers which of the allowed folders are mount points. One that is not mounted any more is an
 * empty folder of its parent's file system, in which every file is missing.
 */
final class Mounts {
  private final FileSystems fileSystems;
  private final Set<Path> mounted = new HashSet<>();

  /** Tells what a folder is on; equal for two folders of one. */
  interface FileSystems {
    Object of(Path folder) throws IOException;
  }

  Mounts(List<Path> folders, FileSystems fileSystems) {
    this.fileSystems = fileSystems;
    for (Path folder : folders) {
      try {
        if (isMountPoint(folder)) {
          mounted.add(folder);
        }
      } catch (IOException e) {
        throw new UncheckedIOException(folder + " cannot be used", e);
      }
    }
  }

  static Mounts of(List<Path> folders) {
    return new Mounts(folders, Files::getFileStore);
  }

  private boolean isMountPoint(Path folder) throws IOException {
    Path parent = folder.toRealPath().getParent();
    return parent != null && !fileSystems.of(folder).equals(fileSystems.of(parent));
  }

  /** Whether an allowed folder was a mount point at the start and is none now. */
  boolean isAway(Path folder) throws IOException {
    return mounted.contains(folder) && !isMountPoint(folder);
  }
}
