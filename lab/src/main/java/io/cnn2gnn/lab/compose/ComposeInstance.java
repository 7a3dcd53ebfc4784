package io.cnn2gnn.lab.compose;

import io.cnn2gnn.cli.kit.CliException;
import io.cnn2gnn.cli.kit.Home;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * A service that runs on this machine: a process of the launcher, which is started again when it
 * fails, or a stand-in for an image, which its maker closes.
 */
final class ComposeInstance {
  private static final long STOP_SECONDS = 40;
  private static final int MOST_RESTARTS = 5;
  private static final long LOOK_MILLIS = 1000;

  private final String name;
  private final String runs;
  private final Optional<ProcessBuilder> builder;
  private final Optional<ComposeCheck> check;
  private final Path log;
  private Optional<Process> process = Optional.empty();
  private CompletableFuture<Void> watch = CompletableFuture.completedFuture(null);
  private boolean stopping;
  private int restarts;

  private ComposeInstance(
      String name,
      String runs,
      Optional<ProcessBuilder> builder,
      Optional<ComposeCheck> check,
      Path log) {
    this.name = name;
    this.runs = runs;
    this.builder = builder;
    this.check = check;
    this.log = log;
  }

  /**
   * What stands in for an image.
   *
   * @param check as it is on this machine; empty if the maker has waited until it answers
   */
  static ComposeInstance standIn(String name, String runs, Optional<ComposeCheck> check, Path log) {
    return new ComposeInstance(name, runs, Optional.empty(), check, log);
  }

  /** Starts the launcher with the arguments and environment that the file has. */
  static ComposeInstance launch(
      ComposeService service, String name, ComposePlaces places, Path folder) throws CliException {
    Path log = folder.resolve(name + ".log");
    List<String> command = new ArrayList<>();
    command.add(Home.path().resolve("cnn2gnn").toString());
    command.addAll(places.here(service.command()));
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
    builder.environment().putAll(service.environment());
    ComposeInstance instance =
        new ComposeInstance(
            name,
            "./cnn2gnn " + service.command().get(0),
            Optional.of(builder),
            service.check().map(how -> how.with(places.here(how.command()))),
            log);
    try {
      instance.start(builder);
      return instance;
    } catch (IOException e) {
      throw new CliException("%s cannot be started: %s".formatted(name, e), e);
    }
  }

  private synchronized void start(ProcessBuilder from) throws IOException {
    Process started = from.start();
    process = Optional.of(started);
    watch = started.onExit().thenAccept(this::ended);
  }

  /** The file says restart: on-failure. */
  private synchronized void ended(Process gone) {
    if (!stopping && gone.exitValue() != 0 && restarts < MOST_RESTARTS) {
      restarts++;
      try {
        start(builder.orElseThrow());
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  String name() {
    return name;
  }

  String runs() {
    return runs;
  }

  private synchronized Optional<Process> current() {
    return process;
  }

  private synchronized CompletableFuture<Void> watched() {
    return watch;
  }

  private synchronized String restarted() {
    return restarts == 0 ? "" : ", %d restarts".formatted(restarts);
  }

  private CliException failed(String how) {
    return new CliException("%s %s: see %s".formatted(name, how, log));
  }

  /** Waits until its check says that it is healthy, as long as the file allows. */
  String awaitHealthy() throws CliException, InterruptedException {
    if (check.isEmpty()) {
      return builder.isPresent() ? "running, no check" : "answers";
    }
    ComposeCheck how = check.get();
    long until = System.nanoTime() + how.patience().toNanos();
    while (!passes(how)) {
      if (System.nanoTime() - until > 0) {
        throw failed("is not healthy after %d s by %s".formatted(how.patience().toSeconds(), how));
      }
      Thread.sleep(Math.min(LOOK_MILLIS, how.interval().toMillis()));
    }
    return "healthy" + restarted();
  }

  private boolean passes(ComposeCheck how) throws CliException, InterruptedException {
    try {
      Process probe =
          new ProcessBuilder(how.command())
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start();
      if (!probe.waitFor(how.timeout().toMillis(), TimeUnit.MILLISECONDS)) {
        probe.destroyForcibly();
        return false;
      }
      return probe.exitValue() == 0;
    } catch (IOException e) {
      throw new CliException(
          "the health check of %s cannot be run here: %s".formatted(name, e.getMessage()), e);
    }
  }

  /** Waits for the end of a service that ends by itself. */
  String awaitDone(Duration patience) throws CliException, InterruptedException {
    long until = System.nanoTime() + patience.toNanos();
    while (current().orElseThrow().isAlive() || current().orElseThrow().exitValue() != 0) {
      if (System.nanoTime() - until > 0) {
        throw failed("has not done its work in %d s".formatted(patience.toSeconds()));
      }
      Thread.sleep(LOOK_MILLIS);
    }
    return "ended with 0" + restarted();
  }

  /** Asks the process to end, and ends it after a while. */
  String stop() throws InterruptedException {
    synchronized (this) {
      stopping = true;
    }
    Process running = current().orElseThrow();
    running.destroy();
    if (!running.waitFor(STOP_SECONDS, TimeUnit.SECONDS)) {
      running.destroyForcibly().waitFor();
      return "killed, as it did not end in %d s".formatted(STOP_SECONDS);
    }
    // A restart that could not be made is told here.
    watched().join();
    return "exit code " + running.exitValue() + restarted();
  }
}
