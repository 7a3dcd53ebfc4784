package io.cnn2gnn.intake.files;

import java.util.Locale;
import java.util.Set;

/**
 * Files and folders that nobody means when they name a folder of images: hidden ones, and what file
 * managers, network storage and file systems leave. AppleDouble files ({@code ._x}) and Jupyter's
 * checkpoints begin with a dot.
 */
public final class HiddenFile {
  private static final Set<String> OF_SYSTEMS =
      Set.of(
          "__macosx",
          "thumbs.db",
          "ehthumbs.db",
          "desktop.ini",
          "$recycle.bin",
          "system volume information",
          "lost+found",
          "lost.dir",
          "found.000",
          "@eadir",
          "#recycle",
          "#snapshot",
          "@recycle",
          "@recently-snapshot");

  private HiddenFile() {}

  /** Whether a file or folder of this name is one. */
  public static boolean isOne(String name) {
    return name.startsWith(".") || OF_SYSTEMS.contains(name.toLowerCase(Locale.ROOT));
  }
}
