package io.cnn2gnn.intake;

/** A record that is no image, and never will be. */
public final class RecordRefusedException extends Exception {
  private static final long serialVersionUID = 1L;

  private final String reason;

  RecordRefusedException(String reason, String message) {
    super(message);
    this.reason = reason;
  }

  RecordRefusedException(String reason, Exception cause) {
    super(cause.getMessage(), cause);
    this.reason = reason;
  }

  /** A stable upper-case code. */
  public String reason() {
    return reason;
  }
}
