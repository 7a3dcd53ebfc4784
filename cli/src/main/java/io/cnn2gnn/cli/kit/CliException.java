package io.cnn2gnn.cli.kit;

/** A command cannot do what was asked; the message is the one line that the user sees. */
public final class CliException extends Exception {
  private static final long serialVersionUID = 1L;

  public CliException(String message) {
    super(message);
  }

  public CliException(String message, Throwable cause) {
    super(message, cause);
  }
}
