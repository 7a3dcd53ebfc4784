package io.cnn2gnn.training.stream;

/** Whoever answers a stream cannot go on; the message is one line for people. */
public final class AnsweringException extends Exception {
  private static final long serialVersionUID = 1L;

  public AnsweringException(String message, Throwable cause) {
    super(message, cause);
  }
}
