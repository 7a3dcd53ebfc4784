package io.cnn2gnn.model.inference;

/** The device had no memory left for a batch; a smaller one, or the CPU, may do. */
public final class DeviceMemoryException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public DeviceMemoryException(String message, Throwable cause) {
    super(message, cause);
  }
}
