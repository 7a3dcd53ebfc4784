package io.cnn2gnn.cli.kit;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import org.slf4j.LoggerFactory;

/** Warnings of Kafka's clients that a broker does not answer. */
public final class LostConnections {
  private static final String CLIENTS = "org.apache.kafka.clients.NetworkClient";

  private LostConnections() {}

  /**
   * Has a service tell of them from now on. While it starts, the command itself says in one line
   * what does not answer, and each client would say so many times a second.
   */
  public static void tell() {
    if (LoggerFactory.getLogger(CLIENTS) instanceof Logger logger
        && !logger.isEnabledFor(Level.WARN)) {
      logger.setLevel(Level.WARN);
    }
  }
}
