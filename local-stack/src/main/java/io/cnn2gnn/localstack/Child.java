package io.cnn2gnn.localstack;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One server in a JVM of its own, under {@link ChildMain}; its output goes to a log file. */
final class Child {
  private static final Logger log = LoggerFactory.getLogger(Child.class);
  private static final Duration POLL = Duration.ofMillis(50);
  private static final int TAIL_LINES = 20;

  /** Longer than a child gives itself in {@link ChildMain}. */
  private static final long STOP_SECONDS = 25;

  /** An orderly end: by its parent, or by SIGTERM and SIGHUP, which run the same hooks. */
  private static final Set<Integer> ORDERLY = Set.of(0, 128 + 15, 128 + 1);

  /**
   * Both servers take settings from the environment, under names as general as LOG_LEVEL and
   * HTTP_PORT, and the JVM takes agents from it. None of that is meant for them.
   */
  private static final Set<String> ENVIRONMENT =
      Set.of("PATH", "HOME", "LANG", "LC_ALL", "TZ", "SystemRoot", "TEMP", "TMP");

  private final String name;
  private final Path logFile;
  private final ClassArchive archive;
  private final JavaProcess process;
  private final CompletableFuture<Void> end;
  private volatile boolean running;

  private Child(String name, Path logFile, ClassArchive archive, JavaProcess process) {
    this.name = name;
    this.logFile = logFile;
    this.archive = archive;
    this.process = process;
    this.end = process.exit().thenAccept(this::reportEnd);
  }

  /**
   * What to run.
   *
   * @param program the name of a main class, then its arguments
   */
  record Command(List<Path> classPath, List<String> jvmOptions, List<String> program) {}

  /**
   * Starts one.
   *
   * @param name as messages call it
   * @param temporary for native libraries and caches
   */
  static Child launch(
      String name, Command command, ClassArchive archive, Path logFile, Path temporary)
      throws IOException {
    JavaProcess process =
        JavaCommand.of(command.program())
            .endingWithParent()
            .classPath(command.classPath())
            .options(archive.jvmOptions())
            .heap("512m")
            .options(
                // Writes to the system's temporary directory.
                "-XX:-UsePerfData", "-XX:+ExitOnOutOfMemoryError", "-Djava.io.tmpdir=" + temporary)
            .options(command.jvmOptions())
            .environment(inherited -> inherited.keySet().retainAll(ENVIRONMENT))
            .start(logFile);
    return new Child(name, logFile, archive, process);
  }

  ProcessHandle handle() {
    return process.handle();
  }

  boolean isAlive() {
    return process.isAlive();
  }

  /**
   * Waits for a whole line in the log.
   *
   * @param deadline by {@link System#nanoTime()}
   * @throws LocalStackException with the end of the log, if the child ends or time runs out
   */
  Matcher awaitLine(Pattern line, long deadline) throws IOException, InterruptedException {
    while (true) {
      // Asked first: what a child wrote before it ended is then in the log.
      boolean ended = process.awaitEnd(POLL);
      Matcher matcher = line.matcher(process.log());
      if (matcher.find()) {
        running = true;
        return matcher;
      }
      if (ended) {
        throw failure("ended with exit code " + process.exitCode());
      }
      if (System.nanoTime() - deadline >= 0) {
        throw failure("did not answer in time");
      }
    }
  }

  /** Describes what happened to the child, with the last lines of its log. */
  LocalStackException failure(String event) throws IOException {
    String tail = String.join("\n", process.lastLines(TAIL_LINES));
    return new LocalStackException("the %s %s; its log ends:\n%s".formatted(name, event, tail));
  }

  /** Asks the child to end; returns at once. */
  void stop() {
    running = false;
    try {
      process.closeInput();
    } catch (IOException e) {
      log.warn("the {} cannot be asked to stop and is terminated", name, e);
      process.askToEnd();
    }
  }

  /**
   * Waits for the end of a child that was asked to, and enforces it if it takes too long. Does not
   * return before, interrupted or not.
   */
  void awaitEnd() {
    boolean ended =
        end.thenApply(reported -> true)
            .completeOnTimeout(false, STOP_SECONDS, TimeUnit.SECONDS)
            .join();
    if (!ended) {
      log.warn("the {} did not stop in {} s and is killed", name, STOP_SECONDS);
      process.kill();
      end.join();
    }
    try {
      archive.publish(ORDERLY.contains(process.exitCode()));
    } catch (IOException e) {
      log.warn("the next start of the {} will be as slow as this one", name, e);
    }
  }

  /** Ends the child as a power cut would, and returns when it is gone. */
  void kill() {
    running = false;
    process.kill();
    awaitEnd();
  }

  private void reportEnd(int exitCode) {
    if (running) {
      log.error("the {} ended with exit code {}: see {}", name, exitCode, logFile);
    }
  }
}
