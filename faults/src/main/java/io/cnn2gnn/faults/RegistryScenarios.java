package io.cnn2gnn.faults;

import io.cnn2gnn.localstack.LocalStack.Server;
import io.cnn2gnn.schemas.avro.Image;
import java.time.Duration;

/** The registry goes away. */
final class RegistryScenarios {
  private RegistryScenarios() {}

  /** Without a registry the service ends at its start, saying why; images wait in their topic. */
  static final class AtStart implements Scenario {
    private static final Duration REFUSAL = Duration.ofSeconds(90);
    private int refusals;

    @Override
    public void prepare(Trial trial) {
      // Each round begins without a service.
    }

    @Override
    public void round(Trial trial) throws Exception {
      for (Service service : trial.services()) {
        if (service.isAlive()) {
          service.terminate(Duration.ofSeconds(30));
        }
      }
      trial.stack().stop(Server.REGISTRY, true);
      trial.feeder().send(10 + trial.random().nextInt(30), 0.1);
      Service refused = trial.start("one");
      trial.check(refused.awaitEnd(REFUSAL) == 1, "a start without a registry did not end with 1");
      refusals++;
      trial.check(
          refused.logged("cnn2gnn: Could not reach the schema registry") == refusals,
          "it did not say why it ended");
      trial.stack().startAgain(Server.REGISTRY);
      trial.faultOver();
      trial.startReady("one");
    }
  }

  /**
   * Images of known schemas are answered as ever; one of a new schema waits, and the service says
   * that it is not ready. In every second round it is asked to end meanwhile, and started again
   * when the registry is back.
   */
  static final class MidRun implements Scenario {
    private static final Duration DEGRADED = Duration.ofSeconds(30);
    private static final Duration STOP = Duration.ofSeconds(15);
    private int schemas;

    @Override
    public void round(Trial trial) throws Exception {
      trial.feeder().send(20, 0.1);
      trial.check(trial.settledWithin(Duration.ofMinutes(1)), "images before the outage waited");
      String id = trial.feeder().nextId();
      byte[] unknown = trial.feeder().ofNewSchema(id, "extra" + schemas++, Image.getClassSchema());
      trial.stack().stop(Server.REGISTRY, trial.random().nextBoolean());
      trial.feeder().send(20, 0.1);
      trial.check(
          trial.settledWithin(Duration.ofSeconds(30)), "known schemas waited for the registry");
      trial.feeder().send("camera-2", unknown);
      trial.feeder().send(10, 0.1);
      Service service = trial.services().get(0);
      trial.check(service.await(DEGRADED, false), "it says it is ready while an image waits");
      trial.pause(0, 4000);
      boolean stops = schemas % 2 == 0;
      if (stops) {
        service.terminate(STOP);
      }
      trial.stack().startAgain(Server.REGISTRY);
      trial.faultOver();
      if (stops) {
        trial.startReady("one");
      } else {
        service.awaitReady(Trial.READY);
      }
    }
  }
}
