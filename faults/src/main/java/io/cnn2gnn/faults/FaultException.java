package io.cnn2gnn.faults;

/** The harness itself cannot go on, or a process did not do what its row needs. */
public final class FaultException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public FaultException(String message) {
    super(message);
  }

  public FaultException(String message, Throwable cause) {
    super(message, cause);
  }
}
