package io.cnn2gnn.model.inference;

/** A model does not give its golden answers: the weights, the engine or the device are at fault. */
public final class SelfTestException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  SelfTestException(String message) {
    super(message);
  }
}
