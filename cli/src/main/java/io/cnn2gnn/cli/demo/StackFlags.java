package io.cnn2gnn.cli.demo;

import io.cnn2gnn.cli.kit.CliException;
import io.cnn2gnn.localstack.FreePort;
import io.cnn2gnn.localstack.LocalStackConfig;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Option;

/**
 * Where a broker and a registry of this machine keep their data, and on which ports they answer.
 */
final class StackFlags {
  /** The ports of every example, and the defaults of every client. */
  static final int BROKER_PORT = 9092;

  static final int REGISTRY_PORT = 8081;

  private static final String REGISTRY_OPTION = "--registry-port";
  private static final Duration START_TIMEOUT = Duration.ofMinutes(3);

  @Option(
      names = "--data-dir",
      paramLabel = "DIR",
      description = "keep topics, schemas and state here (default: a folder that is deleted)")
  private Optional<Path> dataDir = Optional.empty();

  @Option(
      names = "--broker-port",
      paramLabel = "PORT",
      description = "default: 9092 where the stack stays up, else a free one")
  private Optional<Integer> brokerPort = Optional.empty();

  @Option(
      names = REGISTRY_OPTION,
      paramLabel = "PORT",
      description = "default: 8081 where the stack stays up, else a free one")
  private Optional<Integer> registryPort = Optional.empty();

  Optional<Path> dataDir() {
    return dataDir;
  }

  /** A stack on the ports that were asked for, otherwise on free ones. */
  LocalStackConfig own() throws CliException {
    return config(brokerPort.orElse(0), registryPort.orElse(0));
  }

  /**
   * A stack that others are shown, on the documented ports unless others were asked for. Its
   * registry is behind a {@link #front}.
   *
   * @throws io.cnn2gnn.localstack.PortInUseException if the registry's port is taken
   */
  LocalStackConfig shown() throws CliException {
    FreePort.require(registryPort.orElse(REGISTRY_PORT), REGISTRY_OPTION);
    return config(brokerPort.orElse(BROKER_PORT), 0);
  }

  /** Shows the registry of such a stack. */
  RegistryFront front(URI registry) throws CliException {
    return new RegistryFront(registryPort.orElse(REGISTRY_PORT), registry);
  }

  private LocalStackConfig config(int broker, int registry) throws CliException {
    try {
      return new LocalStackConfig(
          dataDir, dataDir.isPresent(), broker, registry, START_TIMEOUT, Map.of());
    } catch (IllegalArgumentException e) {
      throw new CliException(e.getMessage(), e);
    }
  }

  /** What a command needs to find a stack; nothing where it looks by itself. */
  static String options(String broker, String registry) {
    String options = "";
    if (!broker.endsWith(":" + BROKER_PORT)) {
      options += " --bootstrap-server " + broker;
    }
    if (!registry.endsWith(":" + REGISTRY_PORT)) {
      options += " --schema-registry " + registry;
    }
    return options;
  }
}
