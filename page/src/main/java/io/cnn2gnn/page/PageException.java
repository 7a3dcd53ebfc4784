package io.cnn2gnn.page;

/** The page cannot be shown; the message says why and what to do, in one line. */
public final class PageException extends Exception {
  private static final long serialVersionUID = 1L;

  PageException(String message) {
    super(message);
  }

  PageException(String message, Throwable cause) {
    super(message, cause);
  }
}
