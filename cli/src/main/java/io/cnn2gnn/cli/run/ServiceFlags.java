package io.cnn2gnn.cli.run;

import io.cnn2gnn.cli.kit.CliException;
import io.cnn2gnn.cli.kit.Connection;
import io.cnn2gnn.cli.kit.Settings;
import io.cnn2gnn.topology.app.AppConfig;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What configures a service: a file, environment variables and flags. */
final class ServiceFlags {
  @Mixin Connection connection;

  @Option(
      names = "--bundle",
      paramLabel = "FILE",
      description = "the model to serve (default: the shipped Fashion-MNIST bundle)")
  private Optional<Path> bundle = Optional.empty();

  @Option(
      names = "--device",
      description = "auto, cpu or gpu (default: what --config says, else auto)")
  private Optional<String> device = Optional.empty();

  @Option(
      names = "--http-port",
      description =
          "serve /health/live, /health/ready, /metrics, /model, /accuracy and /bank on this"
              + " loopback port")
  private Optional<Integer> httpPort = Optional.empty();

  @Option(
      names = "--set",
      paramLabel = "KEY=VALUE",
      description = "any key of the configuration table; wins over --config and the environment")
  private Map<String, String> settings = new HashMap<>();

  Settings settings() throws CliException {
    Settings all = connection.settingsOfService(settings);
    bundle.ifPresent(path -> all.put(AppConfig.BUNDLE, path.toString(), Settings.FLAG));
    device.ifPresent(name -> all.put(AppConfig.DEVICE, name, Settings.FLAG));
    httpPort.ifPresent(port -> all.put(AppConfig.HTTP_PORT, Integer.toString(port), Settings.FLAG));
    return all;
  }
}
