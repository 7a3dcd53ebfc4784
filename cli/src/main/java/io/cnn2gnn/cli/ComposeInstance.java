package io.cnn2gnn.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * A service that runs on this machine: a process of the launcher, or a stand-in for an image.
 *
 * @param runs what runs, in a few words
 * @param process empty for a stand-in, which its maker closes
 * @param check as it is on this machine
 */
record ComposeInstance(
    String name, String runs, Optional<Process> process, Optional<ComposeCheck> check, Path log) {
  private static final long STOP_SECONDS = 40;

  /** Starts the launcher with the arguments and environment that the file has. */
  static ComposeInstance launch(
      ComposeService service, String name, ComposePlaces places, Path folder) throws CliException {
    Path log = folder.resolve(name + ".log");
    List<String> command = new ArrayList<>(List.of(Home.path().resolve("cnn2gnn").toString()));
    command.addAll(places.here(service.command()));
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
    builder.environment().putAll(service.environment());
    try {
      return new ComposeInstance(
          name,
          "./cnn2gnn " + service.command().get(0),
          Optional.of(builder.start()),
          service.check().map(check -> check.with(places.here(check.command()))),
          log);
    } catch (IOException e) {
      throw new CliException("%s cannot be started: %s".formatted(name, e), e);
    }
  }

  /** Waits until its check says that it is healthy, as long as the file allows. */
  String awaitHealthy() throws CliException, InterruptedException {
    if (check.isEmpty()) {
      return process.filter(Process::isAlive).isPresent() ? "running, no check" : "ended";
    }
    ComposeCheck how = check.get();
    long until = System.nanoTime() + how.patience().toNanos();
    while (!passes(how)) {
      if (process.isPresent() && !process.get().isAlive()) {
        throw new CliException(
            "%s ended with exit code %d: see %s".formatted(name, process.get().exitValue(), log));
      }
      if (System.nanoTime() - until > 0) {
        throw new CliException(
            "%s is not healthy after %d s by %s: see %s"
                .formatted(name, how.patience().toSeconds(), how.command(), log));
      }
      Thread.sleep(Math.min(1000, how.interval().toMillis()));
    }
    return "healthy";
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
  void awaitDone(Duration patience) throws CliException, InterruptedException {
    Process running = process.orElseThrow();
    if (!running.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS)) {
      throw new CliException(
          "%s has not ended after %d s: see %s".formatted(name, patience.toSeconds(), log));
    }
    if (running.exitValue() != 0) {
      throw new CliException(
          "%s ended with exit code %d: see %s".formatted(name, running.exitValue(), log));
    }
  }

  /** Asks the process to end, and ends it after a while. */
  String stop() throws InterruptedException {
    if (process.isEmpty()) {
      return "stopped";
    }
    Process running = process.get();
    running.destroy();
    if (!running.waitFor(STOP_SECONDS, TimeUnit.SECONDS)) {
      running.destroyForcibly().waitFor();
      return "killed, as it did not end in %d s".formatted(STOP_SECONDS);
    }
    return "exit code " + running.exitValue();
  }
}
