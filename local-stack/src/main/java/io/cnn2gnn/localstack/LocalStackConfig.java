package io.cnn2gnn.localstack;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/**
 * What a {@link LocalStack} is started with.
 *
 * @param dataDir where both servers write; a temporary directory if empty
 * @param keepData whether records and schemas outlive the stack. If not, what the stack wrote is
 *     deleted when it closes, and a {@code dataDir} that holds data already is refused
 * @param brokerPort 0 for a free one
 * @param registryPort 0 for a free one
 * @param startTimeout how long a server may take until it answers
 * @param brokerOverrides broker properties that replace the defaults of {@link EmbeddedBroker}
 * @param security TLS, passwords and ACLs at the broker; none if empty
 */
public record LocalStackConfig(
    Optional<Path> dataDir,
    boolean keepData,
    int brokerPort,
    int registryPort,
    Duration startTimeout,
    Map<String, String> brokerOverrides,
    Optional<BrokerSecurity> security) {

  public LocalStackConfig {
    dataDir = dataDir.map(dir -> dir.toAbsolutePath().normalize());
    brokerOverrides = Map.copyOf(brokerOverrides);
    requirePort(brokerPort, Loopback.BROKER_OPTION);
    requirePort(registryPort, Loopback.REGISTRY_OPTION);
    if (brokerPort != 0 && brokerPort == registryPort) {
      throw new IllegalArgumentException(
          "broker and registry cannot share port %d".formatted(brokerPort));
    }
    if (startTimeout.isNegative() || startTimeout.isZero()) {
      throw new IllegalArgumentException("start timeout must be positive: " + startTimeout);
    }
  }

  /** A stack without security. */
  public LocalStackConfig(
      Optional<Path> dataDir,
      boolean keepData,
      int brokerPort,
      int registryPort,
      Duration startTimeout,
      Map<String, String> brokerOverrides) {
    this(
        dataDir,
        keepData,
        brokerPort,
        registryPort,
        startTimeout,
        brokerOverrides,
        Optional.empty());
  }

  /** Free ports, a temporary directory that is deleted, and two minutes to start. */
  public static LocalStackConfig temporary() {
    return new LocalStackConfig(Optional.empty(), false, 0, 0, Duration.ofMinutes(2), Map.of());
  }

  private static void requirePort(int port, String option) {
    if (port < 0 || port > 0xFFFF) {
      throw new IllegalArgumentException("%s must be in 0..65535: %d".formatted(option, port));
    }
  }
}
