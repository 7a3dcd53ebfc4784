package io.cnn2gnn.topology.app;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Optional;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.streams.state.HostInfo;

/** The address by which other instances are to reach this one's endpoints. */
final class Advertised {
  private Advertised() {}

  /**
   * Empty if there are no endpoints, or none that the configuration lets others find.
   *
   * @throws IllegalArgumentException if the configured one is no address, or of no endpoints
   */
  static Optional<HostInfo> of(AppConfig config) {
    if (config.httpAdvertised().isPresent()) {
      if (config.httpPort() < 0) {
        throw new IllegalArgumentException(
            "%s needs endpoints to advertise: set %s"
                .formatted(AppConfig.HTTP_ADVERTISED, AppConfig.HTTP_PORT));
      }
      return Optional.of(parse(config.httpAdvertised().get()));
    }
    if (config.httpPort() <= 0) {
      return Optional.empty(); // a free port is not known before it is taken
    }
    if (config.httpHost().equals("0.0.0.0") || config.httpHost().equals("::")) {
      return ownAddress().map(host -> new HostInfo(host, config.httpPort()));
    }
    return Optional.of(new HostInfo(config.httpHost(), config.httpPort()));
  }

  /** The machine's, if it knows one that others may reach: every host has the address of all. */
  private static Optional<String> ownAddress() {
    try {
      InetAddress own = InetAddress.getLocalHost();
      return own.isLoopbackAddress() ? Optional.empty() : Optional.of(own.getHostAddress());
    } catch (UnknownHostException e) {
      return Optional.empty(); // a host that cannot look its own name up
    }
  }

  private static HostInfo parse(String text) {
    try {
      return HostInfo.buildFromEndpoint(text);
    } catch (ConfigException e) {
      throw new IllegalArgumentException(
          "%s must be HOST:PORT: %s".formatted(AppConfig.HTTP_ADVERTISED, text), e);
    }
  }
}
