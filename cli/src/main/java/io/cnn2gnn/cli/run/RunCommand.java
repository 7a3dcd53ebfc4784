package io.cnn2gnn.cli.run;

import io.cnn2gnn.cli.kit.CliException;
import io.cnn2gnn.cli.kit.LostConnections;
import io.cnn2gnn.topology.app.AppConfig;
import io.cnn2gnn.topology.app.ClassificationApp;
import io.cnn2gnn.topology.app.StartupException;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(
    name = "run",
    description = "Runs the topology as a service until it is stopped.",
    mixinStandardHelpOptions = true)
public final class RunCommand implements Callable<Integer> {
  @Mixin private ServiceFlags flags;

  @Override
  public Integer call() throws Exception {
    try (ClassificationApp app = start(properties())) {
      Thread stop = new Thread(app::close, "stop");
      Runtime.getRuntime().addShutdownHook(stop);
      LostConnections.tell();
      if (app.awaitEnd()) {
        return 0;
      }
      Optional<String> failure = app.failure();
      if (failure.isPresent()) {
        throw new CliException(failure.get());
      }
      return 1;
    }
  }

  /** What the service is configured with. */
  public Map<String, String> properties() throws CliException {
    return flags.settings().values();
  }

  private static ClassificationApp start(Map<String, String> properties) throws CliException {
    try {
      return ClassificationApp.start(AppConfig.of(properties));
    } catch (StartupException | IllegalArgumentException e) {
      throw new CliException(e.getMessage(), e);
    }
  }
}
