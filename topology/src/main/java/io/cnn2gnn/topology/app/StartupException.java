package io.cnn2gnn.topology.app;

/** The service cannot start; the message says in one line what is wrong and what to do. */
public final class StartupException extends Exception {
  private static final long serialVersionUID = 1L;

  public StartupException(String message) {
    super(message);
  }

  public StartupException(String message, Throwable cause) {
    super(message, cause);
  }
}
