package io.cnn2gnn.model.reference;

/** A reference that will never give its file; an image by it becomes a dead letter. */
public final class ReferenceRefusedException extends Exception {
  private static final long serialVersionUID = 1L;

  /** Why, as it stands in the dead letter. */
  public enum Reason {
    /** The configuration does not allow the URI. */
    REFERENCE_NOT_ALLOWED,
    /** There is no such file. */
    REFERENCE_NOT_FOUND,
    /** The file, or what the record says of it, is over the limit. */
    REFERENCE_TOO_LARGE,
    /** The file is not the one that the record tells of. */
    REFERENCE_MISMATCH,
    /** Its host will not hand it out. */
    REFERENCE_REFUSED
  }

  private final Reason reason;

  ReferenceRefusedException(Reason reason, String message) {
    super(message);
    this.reason = reason;
  }

  public Reason reason() {
    return reason;
  }
}
