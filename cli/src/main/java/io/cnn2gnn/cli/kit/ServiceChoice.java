package io.cnn2gnn.cli.kit;

import io.cnn2gnn.topology.app.AppConfig;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Which service a command is about, by the same settings that the service runs with. */
public final class ServiceChoice {
  private static final String APPLICATION = "application.id";

  @Mixin private Connection connection;

  @Option(
      names = "--application-id",
      paramLabel = "ID",
      description = "of the service (default: what --config says, else cnn2gnn-streams)")
  private Optional<String> application = Optional.empty();

  @Option(
      names = "--set",
      paramLabel = "KEY=VALUE",
      description = "any key of the configuration table that the service runs with")
  private Map<String, String> settings = new HashMap<>();

  /** The service's properties. */
  public Map<String, String> properties() throws CliException {
    Settings all = connection.settingsOfService(settings);
    application.ifPresent(id -> all.put(APPLICATION, id, Settings.FLAG));
    return all.values();
  }

  /** The same as the service reads them. */
  public AppConfig config() throws CliException {
    try {
      return AppConfig.of(properties());
    } catch (IllegalArgumentException e) {
      throw new CliException(e.getMessage(), e);
    }
  }
}
