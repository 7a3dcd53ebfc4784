package io.cnn2gnn.cli.run;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import io.cnn2gnn.cli.kit.CliException;
import io.cnn2gnn.topology.app.AppConfig;
import io.cnn2gnn.topology.app.ClassificationApp;
import io.cnn2gnn.topology.app.StartupException;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(
    name = "run",
    description = "Runs the topology as a service until it is stopped.",
    mixinStandardHelpOptions = true)
public final class RunCommand implements Callable<Integer> {
  private static final String NETWORK = "org.apache.kafka.clients.NetworkClient";

  @Mixin private ServiceFlags flags;

  @Override
  public Integer call() throws Exception {
    try (ClassificationApp app = start(properties())) {
      Thread stop = new Thread(app::close, "stop");
      Runtime.getRuntime().addShutdownHook(stop);
      tellOfLostConnections();
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

  /** From the start on: before it, a command says itself in one line what does not answer. */
  private static void tellOfLostConnections() {
    if (LoggerFactory.getLogger(NETWORK) instanceof Logger logger
        && !logger.isEnabledFor(Level.WARN)) {
      logger.setLevel(Level.WARN);
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
