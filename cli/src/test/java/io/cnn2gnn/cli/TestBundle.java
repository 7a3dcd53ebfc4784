package io.cnn2gnn.cli;

import java.nio.file.Path;

/** The shipped bundle, seen from this module. */
final class TestBundle {
  static final Path HOME = Path.of("..").toAbsolutePath().normalize();
  static final Path PATH = HOME.resolve("models/fashion-mnist.bundle");
  static final Path SAMPLES = HOME.resolve("samples/fashion-mini.zip");

  private TestBundle() {}
}
