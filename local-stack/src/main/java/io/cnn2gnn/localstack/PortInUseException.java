package io.cnn2gnn.localstack;

/** A port that the caller asked for by number is held by another process. */
public final class PortInUseException extends LocalStackException {
  private static final long serialVersionUID = 1L;

  private final int port;

  PortInUseException(int port, String option, Throwable cause) {
    super(
        "port %d on %s is in use: stop the process that holds it, or choose another with %s"
            .formatted(port, Loopback.ADDRESS, option),
        cause);
    this.port = port;
  }

  public int port() {
    return port;
  }
}
