package io.cnn2gnn.cli.status;

import io.cnn2gnn.cli.kit.CliException;
import io.cnn2gnn.cli.kit.CommandShell;
import io.cnn2gnn.cli.kit.Connection;
import io.cnn2gnn.cli.kit.ServiceChoice;
import io.cnn2gnn.cli.kit.Terminal;
import io.cnn2gnn.model.files.Json;
import io.cnn2gnn.schemas.Durations;
import io.cnn2gnn.topology.app.AppConfig;
import io.cnn2gnn.topology.app.StartupException;
import io.cnn2gnn.topology.status.ServiceStatus;
import io.cnn2gnn.topology.status.StatusReader;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
    name = "status",
    description =
        "How a service stands, whether it runs or not: images without an answer and the age of the"
            + " oldest, its instances, the model that answers and the candidate, labels that wait,"
            + " and dead letters.",
    mixinStandardHelpOptions = true)
public final class StatusCommand implements Callable<Integer> {
  @Mixin private ServiceChoice service;

  @Option(names = "--json", description = "the same as JSON, for programs")
  private boolean json;

  @Option(
      names = "--fail-if-older-than",
      paramLabel = "DURATION",
      description =
          "exit with 3 if an image has waited longer for its answer, such as PT30S: a probe")
  private Optional<Duration> longest = Optional.empty();

  @Override
  public Integer call() throws CliException {
    Map<String, String> properties = service.properties();
    ServiceStatus status = read(service.config(), properties);
    if (json) {
      Json.text(StatusJson.of(status)).lines().forEach(Terminal::print);
    } else {
      StatusText.print(status);
    }
    return isLate(status) ? CommandShell.LATE : 0;
  }

  private static ServiceStatus read(AppConfig config, Map<String, String> properties)
      throws CliException {
    try {
      return new StatusReader(config, Clock.systemUTC())
          .read(() -> Connection.registry(properties));
    } catch (StartupException | IllegalArgumentException e) {
      throw new CliException(e.getMessage(), e);
    }
  }

  private boolean isLate(ServiceStatus status) {
    if (longest.isPresent() && status.oldest().isEmpty()) {
      Terminal.complain("how long the oldest image has waited is not known");
      return true;
    }
    Optional<Duration> oldest =
        longest.flatMap(most -> status.oldest().filter(age -> age.compareTo(most) > 0));
    oldest.ifPresent(
        age ->
            Terminal.complain(
                "an image has waited for %s, and no more than %s is allowed"
                    .formatted(Durations.text(age), Durations.text(longest.get()))));
    return oldest.isPresent();
  }
}
