package io.cnn2gnn.cli;

/** A command cannot do what was asked; the message is the one line that the user sees. */
final class CliException extends Exception {
  private static final long serialVersionUID = 1L;

  CliException(String message) {
    super(message);
  }

  CliException(String message, Throwable cause) {
    super(message, cause);
  }
}
