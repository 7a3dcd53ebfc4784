package io.cnn2gnn.cli;

import io.cnn2gnn.cli.kit.Home;
import java.nio.file.Path;

/** What the project ships, as tests reach it. */
public final class Shipped {
  public static final Path HOME = Home.path().toAbsolutePath();
  public static final Path BUNDLE = Home.bundle();
  public static final Path SAMPLES = Home.samples();

  private Shipped() {}
}
