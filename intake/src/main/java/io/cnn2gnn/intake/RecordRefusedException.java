package io.cnn2gnn.intake;

import java.util.Optional;

/** A record that is no image, and never will be. */
public final class RecordRefusedException extends Exception {
  private static final long serialVersionUID = 1L;

  private final String reason;
  private final transient Optional<String> imageId;

  /** Of a record whose id is not known. */
  RecordRefusedException(String reason, Exception cause) {
    super(cause.getMessage(), cause);
    this.reason = reason;
    this.imageId = Optional.empty();
  }

  /** Of a record that could be read. */
  RecordRefusedException(String reason, String message, Optional<String> imageId) {
    super(message);
    this.reason = reason;
    this.imageId = imageId;
  }

  /** A stable upper-case code. */
  public String reason() {
    return reason;
  }

  /** The image's id, if there is one that will do. */
  public Optional<String> imageId() {
    return imageId;
  }
}
