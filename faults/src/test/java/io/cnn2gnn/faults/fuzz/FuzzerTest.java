package io.cnn2gnn.faults.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import io.cnn2gnn.faults.fuzz.FuzzTarget.Subject;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The oracle can fail: targets that are broken on purpose are found out. */
class FuzzerTest {
  private static final FuzzLimits STRICT =
      new FuzzLimits(Duration.ofMillis(200), Duration.ofSeconds(60), 8 << 20, 8 << 20);

  /** What a target that hangs waits for. */
  private static final CountDownLatch NEVER = new CountDownLatch(1);

  @TempDir private Path folder;
  private final List<byte[]> kept = new ArrayList<>();

  /** Breaks on the inputs that begin with a 3, which are one in ten. */
  private FuzzResult run(Subject broken) throws Exception {
    Subject subject =
        input -> {
          if (input[0] == 3) {
            return broken.refusal(input);
          }
          return input[0] < 6 ? Optional.empty() : Optional.of("LARGE");
        };
    FuzzTarget target =
        new FuzzTarget(
            "double", List.of(), random -> new byte[] {(byte) random.nextInt(10)}, () -> subject);
    long broke = 0;
    for (long i = 5; i < 45; i++) {
      broke += target.input(9, i)[0] == 3 ? 1 : 0;
    }
    FuzzResult result = new Fuzzer(STRICT, folder).run(target, 9, 5, 40);
    assertThat(broke).isBetween(1L, 7L);
    assertThat(result.inputs()).isEqualTo(40);
    assertThat(result.accepted()).isPositive();
    assertThat(result.refused()).containsOnlyKeys("LARGE");
    assertThat(
            result.findings()
                + result.accepted()
                + result.refused().values().stream().mapToLong(Long::longValue).sum())
        .isEqualTo(40);
    assertThat(result.findings()).isEqualTo(broke);
    return result;
  }

  private String report() throws IOException {
    List<Path> files;
    try (var all = Files.list(folder)) {
      files = all.sorted().toList();
    }
    Path first = files.get(0);
    assertThat(first.getFileName().toString()).matches("double-9-[0-9]+\\.bin");
    assertThat(Files.readAllBytes(first)).containsExactly(3);
    return Files.readString(files.get(1));
  }

  @Test
  void reportsAnUndocumentedException() throws Exception {
    run(
        input -> {
          throw new IllegalStateException("broken");
        });
    assertThat(report()).contains("IllegalStateException: broken").contains("FuzzerTest");
  }

  @Test
  void reportsAnError() throws Exception {
    run(
        input -> {
          throw new StackOverflowError();
        });
    assertThat(report()).contains("StackOverflowError");
  }

  @Test
  void reportsASlowAnswer() throws Exception {
    run(
        input -> {
          ThreadMXBean threads = ManagementFactory.getThreadMXBean();
          long end = threads.getCurrentThreadCpuTime() + 300_000_000;
          while (threads.getCurrentThreadCpuTime() < end) {
            Thread.onSpinWait();
          }
          return Optional.empty();
        });
    assertThat(report()).contains("ms of processor time");
  }

  @Test
  void doesNotBlameATargetThatWaitsForTheMachine() throws Exception {
    FuzzTarget sleeper =
        new FuzzTarget(
            "sleeper",
            List.of(),
            random -> new byte[1],
            () ->
                input -> {
                  try {
                    return NEVER.await(400, TimeUnit.MILLISECONDS)
                        ? Optional.of("never")
                        : Optional.empty();
                  } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                  }
                });
    FuzzResult result = new Fuzzer(STRICT, folder).run(sleeper, 1, 0, 2);
    assertThat(result.findings()).isZero();
    assertThat(result.slowestMillis()).isGreaterThanOrEqualTo(400);
  }

  @Test
  void givesUpATargetThatNeverAnswersAndGoesOn() throws Exception {
    FuzzTarget stuck =
        new FuzzTarget(
            "stuck",
            List.of(),
            random -> new byte[1],
            () ->
                input -> {
                  try {
                    NEVER.await();
                  } catch (InterruptedException e) {
                    // Given up: nobody takes this answer.
                    return Optional.empty();
                  }
                  return Optional.empty();
                });
    FuzzLimits impatient =
        new FuzzLimits(STRICT.answer(), Duration.ofSeconds(2), STRICT.allocation(), 8 << 20);
    FuzzResult result = new Fuzzer(impatient, folder).run(stuck, 1, 0, 2);
    assertThat(result.findings()).isEqualTo(2);
    assertThat(result.inputs()).isEqualTo(2);
    assertThat(Files.readString(folder.resolve("stuck-1-1.txt"))).contains("no answer after PT2S");
  }

  @Test
  void reportsAnInputThatAllocatesTooMuch() throws Exception {
    FuzzResult result =
        run(
            input -> {
              byte[] large = new byte[9 << 20];
              return large.length > 0 ? Optional.empty() : Optional.of("never");
            });
    assertThat(report()).contains("allocated ");
    assertThat(result.largestAllocationBytes()).isGreaterThan(8 << 20);
  }

  @Test
  void reportsAHeapThatGrows() throws Exception {
    FuzzTarget leak =
        new FuzzTarget(
            "leak",
            List.of(),
            random -> new byte[1],
            () ->
                input -> {
                  kept.add(new byte[1 << 20]);
                  return Optional.empty();
                });
    FuzzResult result = new Fuzzer(STRICT, folder).run(leak, 1, 0, 20);
    assertThat(result.findings()).isOne();
    assertThat(result.refused()).isEqualTo(Map.of());
    assertThat(Files.readString(folder.resolve("leak-1-heap.txt"))).contains("the heap grew");
    assertThat(kept).hasSize(20);
  }
}
