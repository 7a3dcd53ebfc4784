package io.cnn2gnn.localstack;

/** A part of the local stack could not start, or stopped when it should not have. */
public class LocalStackException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  LocalStackException(String message) {
    super(message);
  }

  LocalStackException(String message, Throwable cause) {
    super(message, cause);
  }
}
