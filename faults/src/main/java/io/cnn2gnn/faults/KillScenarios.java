package io.cnn2gnn.faults;

import java.time.Duration;

/** The ends of a process. */
final class KillScenarios {
  private KillScenarios() {}

  /** kill -9 while part of a batch waits, its offsets committed. */
  static final class BatchPartFull implements Scenario {
    @Override
    public void prepare(Trial trial) throws Exception {
      trial.set("cnn2gnn.batch.max.wait.ms", "2000");
      Scenario.super.prepare(trial);
    }

    @Override
    public void round(Trial trial) throws Exception {
      trial.feeder().send(5 + trial.random().nextInt(50), 0.2);
      trial.pause(0, 1500);
      trial.services().get(0).kill();
      trial.faultOver();
      trial.feeder().send(10, 0.1);
      trial.startReady("one");
    }
  }

  /** kill -9 when answers are written but their transaction is not committed. */
  static final class BeforeCommit implements Scenario {
    private static final Duration LONGEST = Duration.ofSeconds(30);

    @Override
    public void prepare(Trial trial) throws Exception {
      trial.set("commit.interval.ms", "1500");
      trial.set("cnn2gnn.commit.min.interval.ms", "1500");
      Scenario.super.prepare(trial);
    }

    @Override
    public void round(Trial trial) throws Exception {
      trial.feeder().send(60 + trial.random().nextInt(60), 0.3);
      long deadline = System.nanoTime() + LONGEST.toNanos();
      while (!trial.hasUncommittedAnswers()) {
        if (System.nanoTime() - deadline >= 0) {
          throw new FaultException("no answer was seen before its commit");
        }
      }
      trial.services().get(0).kill();
      trial.faultOver();
      trial.startReady("one");
    }
  }

  /** SIGTERM with part of a batch, which is answered before the process ends. */
  static final class TermDrains implements Scenario {
    private static final Duration LONGEST = Duration.ofSeconds(10);
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(30);
    private static final long POLL_MILLIS = 20;
    private double slowest;

    @Override
    public void prepare(Trial trial) throws Exception {
      trial.set("cnn2gnn.batch.max.wait.ms", Long.toString(LONGEST_WAIT.toMillis()));
      Scenario.super.prepare(trial);
    }

    @Override
    public void round(Trial trial) throws Exception {
      int images = 5 + trial.random().nextInt(40);
      trial.feeder().send(images, 0.2);
      trial.feeder().flush();
      Service service = trial.services().get(0);
      awaitPending(service, images);
      trial.pause(0, 500);
      slowest = Math.max(slowest, service.terminate(LONGEST));
      trial.check(trial.settledWithin(LONGEST), "SIGTERM left images for the next start");
      trial.startReady("one");
    }

    /** What a busy machine has not read yet is nobody's batch. */
    private static void awaitPending(Service service, int images) throws InterruptedException {
      long deadline = System.nanoTime() + LONGEST_WAIT.toNanos() / 2;
      while (service.metric("cnn2gnn_images_pending", "").orElse(0) < images) {
        if (System.nanoTime() - deadline >= 0) {
          throw new FaultException("the service did not take " + images + " images");
        }
        Thread.sleep(POLL_MILLIS);
      }
    }

    @Override
    public void finish(Trial trial) {
      trial.note("slowest stop %.1f s".formatted(slowest));
    }
  }
}
