package io.cnn2gnn.lab.compose;

import io.cnn2gnn.cli.kit.CliException;
import io.cnn2gnn.cli.kit.CtrlC;
import io.cnn2gnn.cli.kit.Home;
import io.cnn2gnn.localstack.LocalStack;
import io.cnn2gnn.localstack.LocalStackConfig;
import io.cnn2gnn.localstack.LocalStackException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
    name = "compose-local",
    hidden = true,
    description = "Runs the services of compose/docker-compose.yml as processes of this machine.",
    mixinStandardHelpOptions = true)
public final class ComposeCommand implements Callable<Integer> {
  private static final Duration START_TIMEOUT = Duration.ofMinutes(2);

  @Option(
      names = "--file",
      description = "the compose file (default: compose/docker-compose.yml of the project)")
  private Optional<Path> file = Optional.empty();

  @Option(
      names = "--scale",
      paramLabel = "SERVICE=N",
      description = "so many instances of a service (default: topology=2, of others one)")
  private Map<String, Integer> scale = new HashMap<>(Map.of("topology", 2));

  @Option(names = "--folder", description = "for volumes and logs; stays (default: a new one)")
  private Optional<Path> folder = Optional.empty();

  @Option(
      names = "--await-release",
      description = "go on until the training job has released what it trained")
  private boolean awaitRelease;

  @Override
  public Integer call() throws Exception {
    scale.forEach(ComposeCommand::check);
    ComposeFile compose =
        ComposeFile.read(file.orElseGet(() -> Home.path().resolve("compose/docker-compose.yml")));
    Path where = folder();
    CountDownLatch cleared = CtrlC.clearUp();
    System.out.println("volumes and logs in " + where);
    try (LocalStack stack =
            LocalStack.start(
                new LocalStackConfig(
                    Optional.of(where.resolve("stack")), false, 0, 0, START_TIMEOUT, Map.of()));
        ComposeStore store = ComposeStore.over(where.resolve("models"))) {
      String broker = stack.broker().get();
      String registry = stack.registry().get().getAuthority();
      new ComposeRun(compose, scale, where, new ComposeRun.StandIns(broker, registry, store))
          .run(awaitRelease);
      return 0;
    } catch (ExecutionException e) {
      throw new CliException(e.getCause().getMessage(), e);
    } catch (LocalStackException e) {
      throw new CliException(e.getMessage(), e);
    } finally {
      cleared.countDown();
    }
  }

  private static void check(String service, int instances) {
    if (instances < 1) {
      throw new IllegalArgumentException(
          "--scale %s must be at least 1: %d".formatted(service, instances));
    }
  }

  private Path folder() throws CliException {
    try {
      return folder.isPresent()
          ? Files.createDirectories(folder.get().toAbsolutePath().normalize())
          : Files.createTempDirectory("cnn2gnn-compose-");
    } catch (IOException e) {
      throw new CliException("no folder for volumes and logs: " + e, e);
    }
  }
}
