package io.cnn2gnn.cli.kit;

import io.cnn2gnn.schemas.Printable;
import java.util.Locale;

/** Lines on the terminal. Each stays one, and does nothing to the terminal, whatever is in it. */
public final class Terminal {
  private Terminal() {}

  /** Prints a line. */
  public static void print(String line) {
    System.out.println(Printable.of(line));
  }

  /** Prints a line, made as {@link String#format} does. */
  public static void printf(String format, Object... values) {
    print(String.format(Locale.ROOT, format, values));
  }

  /** Says in a line what went wrong. */
  public static void complain(String message) {
    System.err.println("cnn2gnn: " + Printable.of(message));
  }
}
