package io.cnn2gnn.cli;

import io.cnn2gnn.topology.app.AppConfig;
import io.cnn2gnn.topology.app.ClassificationApp;
import io.cnn2gnn.topology.app.StartupException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
    name = "run",
    description = "Runs the topology as a service until it is stopped.",
    mixinStandardHelpOptions = true)
final class RunCommand implements Callable<Integer> {
  @Mixin private Connection connection;

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
      description = "serve /health/live, /health/ready and /metrics on this loopback port")
  private Optional<Integer> httpPort = Optional.empty();

  @Option(
      names = "--set",
      paramLabel = "KEY=VALUE",
      description = "any key of the configuration table; wins over --config")
  private Map<String, String> settings = new HashMap<>();

  @Override
  public Integer call() throws Exception {
    Map<String, String> properties = connection.properties(settings);
    properties.putIfAbsent(AppConfig.BUNDLE, Home.bundle().toString());
    bundle.ifPresent(path -> properties.put(AppConfig.BUNDLE, path.toString()));
    device.ifPresent(name -> properties.put(AppConfig.DEVICE, name));
    httpPort.ifPresent(port -> properties.put(AppConfig.HTTP_PORT, Integer.toString(port)));
    try (ClassificationApp app = start(properties)) {
      Thread stop = new Thread(app::close, "stop");
      Runtime.getRuntime().addShutdownHook(stop);
      if (app.awaitEnd()) {
        return 0;
      }
      Optional<String> refusal = app.refusal();
      if (refusal.isPresent()) {
        throw new CliException(refusal.get());
      }
      return 1;
    }
  }

  private static ClassificationApp start(Map<String, String> properties) throws CliException {
    try {
      return ClassificationApp.start(AppConfig.of(properties));
    } catch (StartupException | IllegalArgumentException e) {
      throw new CliException(e.getMessage(), e);
    }
  }
}
