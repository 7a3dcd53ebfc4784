package io.cnn2gnn.schemas;

import java.io.IOException;

/** The registry finds schemas by their numbers only. */
final class NoGuidsException extends IOException {
  private static final long serialVersionUID = 1L;
}
