package io.cnn2gnn.faults;

import io.cnn2gnn.localstack.LocalStack.Server;

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
