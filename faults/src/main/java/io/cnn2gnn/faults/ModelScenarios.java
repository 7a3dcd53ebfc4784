package io.cnn2gnn.faults;

import io.cnn2gnn.faults.Verifier.Place;
import io.cnn2gnn.model.bundle.Bundle;
import io.cnn2gnn.model.bundle.BundleException;
import io.cnn2gnn.model.torch.Tensor;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A model that is slow or answers nonsense. */
final class ModelScenarios {
  private static final List<String> FAULTY = List.of(FaultyService.class.getName());

  private ModelScenarios() {}

  private static void startFaulty(Trial trial) throws IOException, InterruptedException {
    trial.start("one", FAULTY, Map.of()).awaitReady(Trial.READY);
  }

  /** Thirty seconds in one batch, three times the transaction timeout. */
  static final class Stall implements Scenario {
    private static final Duration LENGTH = Duration.ofSeconds(30);

    @Override
    public void prepare(Trial trial) throws Exception {
      startFaulty(trial);
    }

    @Override
    public void round(Trial trial) throws Exception {
      Service service = trial.services().get(0);
      long deaths = service.logged("a stream thread died");
      trial.feeder().send(20, 0.2);
      String id = FaultyService.STALL + LENGTH.toMillis() + "-" + trial.feeder().nextId();
      trial.feeder().send("camera-0", trial.feeder().noise(id));
      trial.underLoad(
          20,
          () -> {
            Thread.sleep(LENGTH.toMillis());
            trial.faultOver();
            trial.pause(500, 1500);
            return null;
          });
      trial.check(service.isAlive(), "the service died of a slow batch");
      trial.check(
          service.logged("a stream thread died") - deaths <= 1, "more than one thread died");
    }
  }

  /** Answers that are no numbers cost their images only; weights that are none are not served. */
  static final class NotANumber implements Scenario {
    private static final Duration REFUSAL = Duration.ofMinutes(1);

    @Override
    public void prepare(Trial trial) throws Exception {
      startFaulty(trial);
    }

    @Override
    public void round(Trial trial) throws Exception {
      for (int bad = 0; bad < 3; bad++) {
        trial.feeder().send(trial.random().nextInt(10), 0);
        String id = FaultyService.NOT_A_NUMBER + trial.feeder().nextId();
        Place place = trial.feeder().place("camera-1", trial.feeder().noise(id));
        trial.expectRefusal(place, "INFERENCE_FAILED");
      }
      trial.feeder().send(20, 0.1);
    }

    @Override
    public void finish(Trial trial) throws Exception {
      Path poisoned = trial.folder().resolve("nan.bundle");
      poison(trial.options().bundle(), poisoned);
      trial.set("cnn2gnn.model.bundle", poisoned.toString());
      Service refused = trial.start("poisoned");
      trial.check(refused.awaitEnd(REFUSAL) == 1, "a bundle with NaN weights did not end with 1");
      trial.check(
          refused.logged("holds NaN or infinity") == 1, "its refusal is not one clear line");
      trial.note("a bundle with NaN weights was refused; samples are bytes and cannot be NaN");
    }

    private static void poison(Path bundle, Path to) throws IOException, BundleException {
      Bundle sound = Bundle.read(bundle);
      Map<String, Tensor> weights = new LinkedHashMap<>(sound.weights());
      String first = weights.keySet().iterator().next();
      Tensor tensor = weights.get(first);
      float[] values = tensor.data().clone();
      values[0] = Float.NaN;
      weights.put(first, new Tensor(tensor.shape(), values));
      new Bundle(sound.card(), weights, sound.prototypes(), sound.golden()).write(to);
    }
  }
}
