package io.cnn2gnn.topology.commit;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** A thread that works on batches and commits when told to, on a clock of its own. */
class CommitPaceTest {
  private static final int WORK = 8;
  private static final int COMMIT = 9;

  private final AtomicLong nanos = new AtomicLong();
  private final CommitPace pace =
      new CommitPace(Duration.ofMillis(20), Duration.ofMillis(200), nanos::get);

  private void pass(long millis) {
    nanos.addAndGet(Duration.ofMillis(millis).toNanos());
  }

  /** Ticks find nothing to do. */
  private void idle(int millis) {
    for (int i = 0; i < millis; i++) {
      pass(1);
      pace.work(() -> {});
    }
  }

  /** Works, and commits if that is due then; returns how often. */
  private int commitAfter(Runnable work) {
    AtomicBoolean due = new AtomicBoolean();
    pace.work(
        () -> {
          work.run();
          due.set(pace.isDue());
        });
    if (!due.get()) {
      return 0;
    }
    pass(COMMIT);
    return 1;
  }

  /**
   * Commits asked for during so many batches of 8 ms, each of which comes so long after another.
   */
  private int commits(int batches, long period) {
    int commits = 0;
    long next = nanos.get();
    for (int i = 0; i < batches; i++) {
      while (next > nanos.get()) {
        // Records that do not fill the batch yet, and ticks.
        idle(1);
        commits += commitAfter(() -> {});
      }
      next += Duration.ofMillis(period).toNanos();
      commits +=
          commitAfter(
              () -> {
                pass(WORK);
                pace.answered();
              });
    }
    return commits;
  }

  @Test
  void aThreadThatWaitsForImagesCommitsEveryBatch() {
    assertThat(commits(100, 50)).isGreaterThan(95);
  }

  @Test
  void oneThatHasMoreThanItCanDoLeavesItToKafkaStreams() {
    commits(20, 0);
    assertThat(commits(1000, 0)).isZero();
  }

  @Test
  void oneThatKeepsUpCommitsNearlyEveryBatch() {
    commits(20, 20);
    assertThat(commits(300, 20)).isBetween(295, 300);
  }

  @Test
  void answersThatCameTooSoonAfterACommitDoNotWaitForTheNextBatch() {
    idle(20);
    pace.answered();
    assertThat(pace.isDue()).isTrue();
    idle(15);
    pace.answered();
    assertThat(pace.isDue()).isFalse();
    idle(5);
    assertThat(pace.isDue()).isTrue();
    idle(50);
    assertThat(pace.isDue()).as("with nothing to commit").isFalse();
  }

  @Test
  void itNeverCommitsSoOftenThatItFallsBehind() {
    // Of 22 ms two batches take 16; with a commit after each two of them it would take 25.
    long start = nanos.get();
    assertThat(commits(1000, 11)).isBetween(150, 190);
    assertThat(Duration.ofNanos(nanos.get() - start).toMillis()).isLessThan(11_300);
  }

  @Test
  void afterARushItCommitsEveryBatchAgain() {
    commits(200, 0);
    commits(20, 50);
    assertThat(commits(20, 50)).isBetween(18, 20);
  }

  @Test
  void answersAfterARushDoNotWaitForTheIntervalThatItMadeLong() {
    commits(200, 0);
    pace.answered();
    long start = nanos.get();
    while (!pace.isDue()) {
      idle(1);
    }
    assertThat(Duration.ofNanos(nanos.get() - start).toMillis()).isBetween(4L, 20L);
  }

  @Test
  void aCommitAloneIsNoIdleness() {
    commits(200, 0);
    pace.answered();
    idle(2);
    pass(COMMIT);
    pace.work(() -> assertThat(pace.isDue()).isFalse());
  }

  @Test
  void anIntervalThatMayNotShrinkIsNeverCutShort() {
    CommitPace never = new CommitPace(Duration.ofMillis(200), Duration.ofMillis(200), nanos::get);
    pass(1000);
    never.answered();
    for (int i = 0; i < 300; i++) {
      pass(1);
      never.work(() -> assertThat(never.isDue()).isFalse());
    }
  }
}
