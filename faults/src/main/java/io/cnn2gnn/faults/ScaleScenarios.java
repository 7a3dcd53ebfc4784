package io.cnn2gnn.faults;

import java.time.Duration;
import java.util.List;

/** Several instances of one service. */
final class ScaleScenarios {
  private static final String STANDBY = "num.standby.replicas";

  private ScaleScenarios() {}

  /** Three instances that are killed, stopped and frozen in turns. */
  static final class Storm implements Scenario {
    private static final List<String> NAMES = List.of("one", "two", "three");
    private static final double RATE = 100;
    private static final int BLOWS = 4;

    @Override
    public void prepare(Trial trial) throws Exception {
      trial.set(STANDBY, "1");
      for (String name : NAMES) {
        trial.start(name);
      }
      for (Service service : trial.services()) {
        service.awaitReady(Trial.READY);
      }
    }

    @Override
    public void round(Trial trial) throws Exception {
      trial.underLoad(
          RATE,
          () -> {
            for (int blow = 0; blow < BLOWS; blow++) {
              strike(trial, trial.random().nextInt(NAMES.size()));
              trial.pause(200, 2000);
            }
            trial.faultOver();
            return null;
          });
      for (Service service : trial.services()) {
        service.awaitReady(Trial.READY);
      }
    }

    private static void strike(Trial trial, int index) throws Exception {
      Service service = trial.services().get(index);
      switch (trial.random().nextInt(3)) {
        case 0 -> {
          service.kill();
          trial.start(service.name());
        }
        case 1 -> {
          service.terminate(Duration.ofSeconds(30));
          trial.start(service.name());
        }
        default -> {
          service.signal("STOP");
          // Longer than its session: the others take its partitions over, and it is fenced.
          trial.pause(11_000, 13_000);
          service.signal("CONT");
        }
      }
    }
  }

  /** The largest bank there may be is restored from its changelog, and its memory is counted. */
  static final class LargeBank implements Scenario {
    private static final int ROWS = 100_000;

    @Override
    public void prepare(Trial trial) throws Exception {
      trial.set("cnn2gnn.bank.capacity", Integer.toString(ROWS));
      Service service = trial.startReady("one");
      for (int i = 0; i < ROWS; i++) {
        trial.feeder().send("camera-0", trial.feeder().noise(trial.feeder().nextId()));
      }
      trial.check(trial.settledWithin(Duration.ofMinutes(10)), "the bank could not be filled");
      trial.note("full: %.0f MB resident".formatted(service.residentMegabytes()));
    }

    @Override
    public void round(Trial trial) throws Exception {
      trial.feeder().send(50, 0.5);
      trial.services().get(0).kill();
      long start = System.nanoTime();
      trial.faultOver();
      Service service = trial.startReady("one");
      double seconds = (System.nanoTime() - start) / 1e9;
      trial.note(
          "restored in %.1f s, start of the process included; %.0f MB resident"
              .formatted(seconds, service.residentMegabytes()));
      trial.feeder().send(50, 0.5);
    }
  }

  /** A second instance comes, the first one goes for good, and the bank moves with its tasks. */
  static final class OneTwoOne implements Scenario {
    private static final double RATE = 80;
    private int generation;

    @Override
    public void prepare(Trial trial) throws Exception {
      generation = 0;
      trial.set(STANDBY, "1");
      trial.startReady("instance-0");
    }

    @Override
    public void round(Trial trial) throws Exception {
      Service leaving = trial.services().get(trial.services().size() - 1);
      generation++;
      trial.underLoad(
          RATE,
          () -> {
            Service coming = trial.startReady("instance-" + generation);
            trial.pause(2000, 5000);
            leaving.terminate(Duration.ofSeconds(30));
            trial.faultOver();
            trial.pause(1000, 2000);
            trial.check(coming.isAlive(), "the second instance died");
            return null;
          });
    }
  }
}
