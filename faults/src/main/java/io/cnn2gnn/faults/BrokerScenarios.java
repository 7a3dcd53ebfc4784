package io.cnn2gnn.faults;

import io.cnn2gnn.localstack.LocalStack.Server;
import java.time.Duration;

/** The broker goes away under load. */
final class BrokerScenarios {
  private static final double RATE = 150;

  private BrokerScenarios() {}

  /** It comes back at once. */
  static final class Restart implements Scenario {
    private final boolean orderly;

    Restart(boolean orderly) {
      this.orderly = orderly;
    }

    @Override
    public void round(Trial trial) throws Exception {
      away(trial, orderly, 0);
    }
  }

  /** It is the only one, and it stays away. */
  static final class Gone implements Scenario {
    private final int seconds;

    Gone(int seconds) {
      this.seconds = seconds;
    }

    @Override
    public void round(Trial trial) throws Exception {
      away(trial, false, seconds);
    }
  }

  /**
   * It gives the group's offsets as they were at the beginning, as one did that had crashed and did
   * not read its own log to the end.
   */
  static final class OffsetsGoneBack implements Scenario {
    @Override
    public void round(Trial trial) throws Exception {
      trial.feeder().send(100 + trial.random().nextInt(50), 0.3);
      trial.check(trial.settledWithin(Duration.ofMinutes(1)), "no answers before the fault");
      trial.services().get(0).kill();
      trial.setGroupBack();
      trial.feeder().send(20, 0.1);
      trial.faultOver();
      trial.startReady("one");
    }
  }

  private static void away(Trial trial, boolean orderly, int seconds) throws Exception {
    trial.underLoad(
        RATE,
        () -> {
          trial.pause(500, 1500);
          trial.stack().stop(Server.BROKER, orderly);
          Thread.sleep(seconds * 1000L);
          trial.stack().startAgain(Server.BROKER);
          trial.faultOver();
          trial.pause(500, 1500);
          return null;
        });
    trial.check(trial.services().get(0).isAlive(), "the service died of a broker that was away");
  }
}
