package io.cnn2gnn.cli;

import java.nio.file.Path;

/** Where the project is: the launcher says so; without it, here. */
final class Home {
  private Home() {}

  static Path path() {
    return Path.of(System.getProperty("cnn2gnn.home", "."));
  }

  static Path bundle() {
    return path().resolve("models/fashion-mnist.bundle");
  }

  static Path samples() {
    return path().resolve("samples/fashion-mini.zip");
  }
}
