package io.cnn2gnn.localstack;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.OptionalDouble;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * A JVM that a {@link JavaCommand} started. What it does to a process it does to this one alone.
 */
public final class JavaProcess implements AutoCloseable {
  private final Process process;
  private final Path log;

  JavaProcess(Process process, Path log) {
    this.process = process;
    this.log = log;
  }

  /** Its number in the system; another process may have it once this one has ended. */
  public long pid() {
    return process.pid();
  }

  /** Whether it has not ended. */
  public boolean isAlive() {
    return process.isAlive();
  }

  ProcessHandle handle() {
    return process.toHandle();
  }

  /** Completes with the exit code. */
  public CompletableFuture<Integer> exit() {
    return process.onExit().thenApply(Process::exitValue);
  }

  /**
   * What it ended with; 128 and the number of a signal, if it was that.
   *
   * @throws IllegalThreadStateException if it has not ended
   */
  public int exitCode() {
    return process.exitValue();
  }

  /** Waits for its end; false if time runs out. */
  public boolean awaitEnd(Duration longest) throws InterruptedException {
    return process.waitFor(longest.toNanos(), TimeUnit.NANOSECONDS);
  }

  /** Asks it to end, by SIGTERM, and waits; false if time runs out. */
  public boolean end(Duration longest) throws InterruptedException {
    askToEnd();
    return awaitEnd(longest);
  }

  void askToEnd() {
    process.destroy();
  }

  /** Ends its standard input, which ends one that is to end with its parent. */
  public void closeInput() throws IOException {
    process.getOutputStream().close();
  }

  /** Ends it as a power cut would, by SIGKILL; returns when it is gone, interrupted or not. */
  public void kill() {
    process.destroyForcibly();
    process.onExit().join();
  }

  /** All that its log file holds. Not as UTF-8: the last character may be half written. */
  public String log() throws IOException {
    return Files.readString(log, StandardCharsets.ISO_8859_1);
  }

  /** The last lines of its log file. */
  public List<String> lastLines(int most) throws IOException {
    List<String> lines = log().lines().toList();
    return lines.subList(Math.max(0, lines.size() - most), lines.size());
  }

  /** Resident memory in MiB; empty where the system does not tell. */
  public OptionalDouble residentMegabytes() throws IOException {
    Path status = Path.of("/proc/" + pid() + "/status");
    if (!Files.exists(status)) {
      return OptionalDouble.empty();
    }
    return Files.readAllLines(status).stream()
        .filter(line -> line.startsWith("VmRSS:"))
        .mapToDouble(line -> Double.parseDouble(line.replaceAll("\\D", "")) / 1024)
        .findFirst();
  }

  /** {@link #kill()}. */
  @Override
  public void close() {
    kill();
  }
}
