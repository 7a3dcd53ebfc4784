package io.cnn2gnn.benchmarks.goal;

import java.util.Locale;

/** Where figures were measured. */
public final class Machine {
  private Machine() {}

  /** Processors, Java and system, in a few words. */
  public static String description() {
    return String.format(
        Locale.ROOT,
        "%d processors, Java %s, %s %s",
        Runtime.getRuntime().availableProcessors(),
        System.getProperty("java.version"),
        System.getProperty("os.name"),
        System.getProperty("os.arch"));
  }
}
