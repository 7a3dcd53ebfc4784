package io.cnn2gnn.model.image;

/** These bytes will never be an image that this application accepts; retrying cannot help. */
public final class ImageRejectedException extends Exception {
  private static final long serialVersionUID = 1L;

  /** Stable codes, for dead letters and metrics. */
  public enum Reason {
    /** No bytes at all. */
    EMPTY_IMAGE,
    /** Neither JPEG, PNG nor WebP by its first bytes, or a kind of them that is not read. */
    UNSUPPORTED_FORMAT,
    /** More pixels than allowed, in all or on a side, by its header; it was not decoded. */
    TOO_MANY_PIXELS,
    /**
     * More pixels per byte, or more scans, than any honest file has, by its headers; it was not
     * decoded.
     */
    DECOMPRESSION_BOMB,
    /** Decoding it was given up, at a multiple of what its pixels usually cost. */
    TOO_COSTLY,
    /** Damaged or cut off. */
    CORRUPT_IMAGE,
    /** Raw samples whose count is not width x height x channels. */
    RAW_SIZE_MISMATCH
  }

  private final Reason reason;

  ImageRejectedException(Reason reason, String message) {
    super(message);
    this.reason = reason;
  }

  ImageRejectedException(Reason reason, String message, Throwable cause) {
    super(message, cause);
    this.reason = reason;
  }

  public Reason reason() {
    return reason;
  }
}
