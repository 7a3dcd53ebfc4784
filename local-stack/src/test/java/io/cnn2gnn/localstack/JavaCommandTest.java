package io.cnn2gnn.localstack;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JavaCommandTest {
  private static final Duration LONG = Duration.ofMinutes(1);
  private static final int SIGKILL = 128 + 9;
  private static final int SIGTERM = 128 + 15;

  @TempDir private Path folder;

  /** Says what it was given; goes on for ever if that is nothing. */
  static final class Program {
    private Program() {}

    public static void main(String[] args) throws InterruptedException {
      if (args.length == 0) {
        new CountDownLatch(1).await();
      }
      boolean small = Runtime.getRuntime().maxMemory() <= 64 << 20;
      System.out.println(String.join(" ", args) + " " + System.getenv("COLOUR") + " " + small);
    }
  }

  @Test
  void argumentsEnvironmentAndHeapReachTheProgramAndItsOutputTheLog() throws Exception {
    Path log = Files.writeString(folder.resolve("log"), "earlier\n");
    JavaCommand command =
        JavaCommand.of(Program.class, "red")
            .arguments("blue")
            .heap("64m")
            .environment(inherited -> inherited.put("COLOUR", "green"));
    try (JavaProcess process = command.startAppending(log)) {
      assertThat(process.awaitEnd(LONG)).isTrue();
      assertThat(process.exitCode()).as(process.log()).isZero();
      assertThat(process.log().lines()).containsExactly("earlier", "red blue green true");
      assertThat(process.lastLines(1)).containsExactly("red blue green true");
    }
    try (JavaProcess process = command.start(log)) {
      assertThat(process.awaitEnd(LONG)).isTrue();
      assertThat(process.log().lines()).containsExactly("red blue green true");
    }
  }

  @Test
  void aProgramThatBecomesTheJvmIsTakenForIt() throws Exception {
    JavaCommand command =
        JavaCommand.of(Program.class, "red").behind(List.of("env", "COLOUR=blue"));
    try (JavaProcess process = command.start(folder.resolve("log"))) {
      assertThat(process.awaitEnd(LONG)).isTrue();
      assertThat(process.exitCode()).as(process.log()).isZero();
      assertThat(process.log()).startsWith("red blue");
    }
  }

  @Test
  void aProcessIsAskedToEndOrKilled() throws Exception {
    JavaCommand command = JavaCommand.of(Program.class);
    try (JavaProcess asked = command.start(folder.resolve("asked"));
        JavaProcess killed = command.start(folder.resolve("killed"))) {
      assertThat(asked.end(LONG)).isTrue();
      assertThat(asked.exitCode()).isEqualTo(SIGTERM);
      assertThat(killed.isAlive()).isTrue();
      killed.kill();
      assertThat(killed.isAlive()).isFalse();
      assertThat(killed.exitCode()).isEqualTo(SIGKILL);
    }
  }

  @Test
  void aProgramThatEndsWithItsParentEndsWithItsInput() throws Exception {
    JavaCommand command = JavaCommand.of(Program.class).endingWithParent();
    try (JavaProcess process = command.start(folder.resolve("log"))) {
      process.closeInput();
      assertThat(process.awaitEnd(LONG)).isTrue();
      assertThat(process.exitCode()).as(process.log()).isZero();
    }
  }
}
