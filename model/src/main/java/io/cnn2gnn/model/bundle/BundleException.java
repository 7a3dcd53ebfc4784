package io.cnn2gnn.model.bundle;

/** A file is not a bundle that may serve; the message names the file and the fault. */
public final class BundleException extends Exception {
  private static final long serialVersionUID = 1L;

  public BundleException(String message) {
    super(message);
  }

  public BundleException(String message, Throwable cause) {
    super(message, cause);
  }
}
