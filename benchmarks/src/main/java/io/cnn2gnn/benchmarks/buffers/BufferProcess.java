package io.cnn2gnn.benchmarks.buffers;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A {@link BufferApp} in a JVM of its own, on the class path of this one. */
final class BufferProcess implements AutoCloseable {
  private static final long STOP_SECONDS = 20;
  private static final int TAIL_LINES = 20;

  private final Process process;
  private final Path log;

  private BufferProcess(Process process, Path log) {
    this.process = process;
    this.log = log;
  }

  /**
   * Starts a life; a run may have several, one after another.
   *
   * @param folder keeps state and log of the run over its lives
   */
  static BufferProcess start(Variant variant, String broker, Run run, Path folder, Duration maxWait)
      throws IOException {
    Path log = folder.resolve(run.name() + ".log");
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx512m",
                "-XX:+UseSerialGC",
                // A life is short: the second compiler would only take time from what is measured.
                "-XX:TieredStopAtLevel=1",
                // Writes to the system's temporary directory.
                "-XX:-UsePerfData",
                "-XX:+ExitOnOutOfMemoryError",
                "-Dcnn2gnn.log.kafka=WARN",
                "-cp",
                System.getProperty("java.class.path"),
                BufferApp.class.getName(),
                variant.name(),
                broker,
                run.name(),
                folder.resolve(run.name()).toString(),
                Long.toString(maxWait.toMillis()))
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
            .start();
    return new BufferProcess(process, log);
  }

  void requireAlive() throws IOException {
    if (!process.isAlive()) {
      throw failure("ended with exit code " + process.exitValue());
    }
  }

  IOException failure(String event) throws IOException {
    List<String> lines = Files.readAllLines(log);
    return new IOException(
        "the application %s:%n%s"
            .formatted(
                event,
                String.join(
                    "\n", lines.subList(Math.max(0, lines.size() - TAIL_LINES), lines.size()))));
  }

  /** SIGKILL; returns when the process is gone. */
  void kill() throws InterruptedException {
    process.destroyForcibly().waitFor();
  }

  /** In an orderly way while that goes. */
  @Override
  public void close() throws IOException {
    try {
      process.getOutputStream().close();
      if (!process.waitFor(STOP_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
