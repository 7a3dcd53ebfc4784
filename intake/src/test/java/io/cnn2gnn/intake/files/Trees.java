package io.cnn2gnn.intake.files;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Folders and zips for tests, and what is found in them. */
final class Trees {
  private Trees() {}

  static void put(Path root, String... files) throws IOException {
    for (String file : files) {
      Path path = root.resolve(file);
      Files.createDirectories(path.getParent());
      Files.writeString(path, file);
    }
  }

  /** What a source holds, and what was said of it. */
  record Found(List<String> images, List<String> labels, List<String> unreadable, String leftOut) {}

  static Found in(Path source) throws IOException {
    LeftOut leftOut = new LeftOut();
    try (FileTree tree = FileTree.of(source, leftOut)) {
      return new Found(
          tree.images().stream().map(FoundImage::path).toList(),
          tree.images().stream()
              .map(image -> tree.layout().label(image.path()).orElse("-"))
              .toList(),
          tree.unreadable().stream().map(bad -> bad.path() + ": " + bad.reason()).toList(),
          leftOut.isEmpty() ? "" : leftOut.toString());
    }
  }
}
