package io.cnn2gnn.faults;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * Some of three brokers go away under load. With one gone the others have to do: what was sent is
 * answered before it comes back.
 */
final class ClusterScenarios {
  private static final double RATE = 60;
  private static final Duration ANSWERED = Duration.ofMinutes(1);

  private ClusterScenarios() {}

  /** Chooses who is to go. */
  private interface Choice {
    int of(Trial trial) throws InterruptedException;
  }

  /** Kills a broker and has the service go on without it; then it comes back. */
  private static void killed(Trial trial, Choice choice) throws Exception {
    Cluster cluster = trial.cluster();
    int[] broker = new int[1];
    trial.underLoad(
        RATE,
        () -> {
          trial.pause(500, 1500);
          broker[0] = choice.of(trial);
          cluster.kill(broker[0]);
          trial.faultOver();
          trial.pause(3000, 8000);
          return null;
        });
    checkGoesOn(trial);
    cluster.startAgain(broker[0]);
    cluster.awaitInSync();
  }

  private static void checkGoesOn(Trial trial) throws InterruptedException {
    trial.check(trial.settledWithin(ANSWERED), "two brokers were not enough for answers");
    trial.check(trial.services().get(0).isAlive(), "the service died of brokers that were away");
  }

  /** The one that leads a partition of images. */
  static final class LeaderKilled implements Scenario {
    @Override
    public void round(Trial trial) throws Exception {
      int partition = trial.random().nextInt(FaultHarness.PARTITIONS);
      killed(trial, t -> t.cluster().leader(t.imagesTopic(), partition));
    }
  }

  /** The one that coordinates the service's group, and in every second round its transactions. */
  static final class CoordinatorKilled implements Scenario {
    private int rounds;

    @Override
    public void round(Trial trial) throws Exception {
      boolean group = rounds++ % 2 == 0;
      killed(
          trial,
          t ->
              group
                  ? t.cluster().groupCoordinator(t.application())
                  : t.cluster().transactionCoordinator(t.application()));
    }
  }

  /** One after the other is stopped, started again and waited for, as in an upgrade. */
  static final class RollingRestart implements Scenario {
    @Override
    public void round(Trial trial) throws Exception {
      trial.underLoad(
          RATE,
          () -> {
            for (int broker : Cluster.BROKERS) {
              trial.pause(500, 1500);
              trial.cluster().stop(broker);
              trial.cluster().startAgain(broker);
              trial.cluster().awaitInSync();
            }
            trial.faultOver();
            trial.pause(500, 1500);
            return null;
          });
      checkGoesOn(trial);
    }
  }

  /**
   * One is killed and its disk is gone. The service, which still names it, is started again, and an
   * empty broker takes the place.
   */
  static final class GoneForGood implements Scenario {
    @Override
    public void round(Trial trial) throws Exception {
      Cluster cluster = trial.cluster();
      int broker = trial.random().nextInt(Cluster.BROKERS.size());
      trial.underLoad(
          RATE,
          () -> {
            trial.pause(500, 1500);
            cluster.kill(broker);
            Machine.delete(cluster.data(broker));
            trial.faultOver();
            trial.pause(5000, 10_000);
            return null;
          });
      checkGoesOn(trial);
      trial.services().get(0).kill();
      trial.startReady("one");
      trial.feeder().send(50, 0.5);
      checkGoesOn(trial);
      cluster.startAgain(broker);
      cluster.awaitInSync();
    }
  }

  /** The last one may not take records alone: all wait. */
  static final class TwoGone implements Scenario {
    private static final int SECONDS = 60;

    @Override
    public void round(Trial trial) throws Exception {
      Cluster cluster = trial.cluster();
      int stays = trial.random().nextInt(Cluster.BROKERS.size());
      List<Integer> gone = Cluster.BROKERS.stream().filter(broker -> broker != stays).toList();
      trial.underLoad(
          RATE,
          () -> {
            trial.pause(500, 1500);
            gone.forEach(cluster::kill);
            Thread.sleep(SECONDS * 1000L);
            cluster.startAgain(gone.get(0), gone.get(1));
            trial.faultOver();
            trial.pause(500, 1500);
            return null;
          });
      trial.check(trial.services().get(0).isAlive(), "the service died of brokers that were away");
      cluster.awaitInSync();
    }
  }

  /**
   * The disk of one is filled to the last byte. It ends, and is started again when there is room.
   */
  static final class DiskFull implements Scenario {
    private static final int BROKER = 0;
    private static final Duration END = Duration.ofMinutes(1);
    private static final long POLL_MILLIS = 200;
    private int ends;

    @Override
    public String obstacle() {
      return Machine.cannotMount();
    }

    @Override
    public void prepare(Trial trial) throws Exception {
      Cluster cluster = trial.cluster();
      Path data = cluster.data(BROKER);
      cluster.stop(BROKER);
      Machine.delete(data);
      Files.createDirectories(data);
      Machine.mount(data, "192m");
      trial.onClose(
          () -> {
            cluster.kill(BROKER);
            Machine.unmount(data);
            return null;
          });
      cluster.startAgain(BROKER);
      cluster.awaitInSync();
      Scenario.super.prepare(trial);
    }

    @Override
    public void round(Trial trial) throws Exception {
      Cluster cluster = trial.cluster();
      Path ballast = cluster.data(BROKER).resolve("ballast");
      trial.underLoad(
          RATE,
          () -> {
            trial.pause(500, 1500);
            Machine.fill(ballast);
            trial.faultOver();
            awaitEnd(cluster);
            trial.pause(3000, 5000);
            return null;
          });
      checkGoesOn(trial);
      if (!cluster.isAlive(BROKER)) {
        ends++;
      }
      cluster.kill(BROKER);
      Files.delete(ballast);
      cluster.startAgain(BROKER);
      cluster.awaitInSync();
    }

    private static void awaitEnd(Cluster cluster) throws InterruptedException {
      long deadline = System.nanoTime() + END.toNanos();
      while (cluster.isAlive(BROKER) && System.nanoTime() - deadline < 0) {
        Thread.sleep(POLL_MILLIS);
      }
    }

    @Override
    public void finish(Trial trial) throws IOException {
      trial.note("the broker ended by itself in %d rounds".formatted(ends));
    }
  }
}
