package io.cnn2gnn.cli;

import java.nio.file.Path;

/** What the project ships, as tests reach it. */
final class Shipped {
  static final Path HOME = Home.path().toAbsolutePath();
  static final Path BUNDLE = Home.bundle();
  static final Path SAMPLES = Home.samples();

  private Shipped() {}
}
