package io.cnn2gnn.cli.kit;

import java.nio.file.Path;

/** Where the project is: the launcher says so; without it, here. */
public final class Home {
  private Home() {}

  public static Path path() {
    return Path.of(System.getProperty("cnn2gnn.home", "."));
  }

  public static Path bundle() {
    return path().resolve("models/fashion-mnist.bundle");
  }

  public static Path samples() {
    return path().resolve("samples/fashion-mini.zip");
  }
}
