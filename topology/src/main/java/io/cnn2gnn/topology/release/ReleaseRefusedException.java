package io.cnn2gnn.topology.release;

/** A release that this service cannot serve, now or later. */
public final class ReleaseRefusedException extends Exception {
  private static final long serialVersionUID = 1L;

  public ReleaseRefusedException(String message) {
    super(message);
  }

  ReleaseRefusedException(String message, Throwable cause) {
    super(message, cause);
  }
}
