package io.cnn2gnn.benchmarks.buffers;

import io.cnn2gnn.localstack.JavaCommand;
import io.cnn2gnn.localstack.JavaProcess;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;

/** A {@link BufferApp} in a JVM of its own, on the class path of this one. */
final class BufferProcess implements AutoCloseable {
  private static final Duration STOP = Duration.ofSeconds(20);
  private static final int TAIL_LINES = 20;

  private final JavaProcess process;

  private BufferProcess(JavaProcess process) {
    this.process = process;
  }

  /**
   * Starts a life; a run may have several, one after another.
   *
   * @param folder keeps state and log of the run over its lives
   */
  static BufferProcess start(Variant variant, String broker, Run run, Path folder, Duration maxWait)
      throws IOException {
    Path log = folder.resolve(run.name() + ".log");
    JavaProcess process =
        JavaCommand.of(
                BufferApp.class,
                variant.name(),
                broker,
                run.name(),
                folder.resolve(run.name()).toString(),
                Long.toString(maxWait.toMillis()))
            .heap("512m")
            .options("-XX:+UseSerialGC")
            // A life is short: the second compiler would only take time from what is measured.
            .options("-XX:TieredStopAtLevel=1")
            // Writes to the system's temporary directory.
            .options("-XX:-UsePerfData")
            .options("-XX:+ExitOnOutOfMemoryError", "-Dcnn2gnn.log.kafka=WARN")
            .startAppending(log);
    return new BufferProcess(process);
  }

  void requireAlive() throws IOException {
    if (!process.isAlive()) {
      throw failure("ended with exit code " + process.exitCode());
    }
  }

  IOException failure(String event) throws IOException {
    return new IOException(
        "the application %s:%n%s"
            .formatted(event, String.join("\n", process.lastLines(TAIL_LINES))));
  }

  /** SIGKILL; returns when the process is gone. */
  void kill() {
    process.kill();
  }

  /** In an orderly way while that goes. */
  @Override
  public void close() throws IOException {
    try {
      process.closeInput();
      if (!process.awaitEnd(STOP)) {
        process.kill();
      }
    } catch (InterruptedException e) {
      process.kill();
      Thread.currentThread().interrupt();
    }
  }
}
