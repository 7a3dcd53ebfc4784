package io.cnn2gnn.training.service;

/** Another process may train now, so this one must not go on. */
final class LeaseLostException extends Exception {
  private static final long serialVersionUID = 1L;

  LeaseLostException(String message) {
    super(message);
  }
}
