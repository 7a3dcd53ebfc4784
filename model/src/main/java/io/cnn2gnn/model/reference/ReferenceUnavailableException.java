package io.cnn2gnn.model.reference;

/**
 * What a reference points to cannot be had now: its host is away, slow, failing or throttling. The
 * record is not at fault, so the caller should try again later.
 */
public final class ReferenceUnavailableException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** Says in one line what was not to be had. */
  public ReferenceUnavailableException(String message) {
    super(message);
  }

  /** Says in one line what was not to be had, and why. */
  public ReferenceUnavailableException(String message, Throwable cause) {
    super(message, cause);
  }
}
