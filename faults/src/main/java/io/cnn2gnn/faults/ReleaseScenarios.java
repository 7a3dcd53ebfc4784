package io.cnn2gnn.faults;

import com.google.common.math.Quantiles;
import io.cnn2gnn.model.bundle.Bundle;
import io.cnn2gnn.model.torch.Tensor;
import io.cnn2gnn.schemas.avro.ModelRelease;
import io.cnn2gnn.schemas.avro.ReleaseState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Releases that are broken, that lie, or that come too fast, under load. */
final class ReleaseScenarios {
  private static final Duration LONGEST = Duration.ofSeconds(60);
  private static final long POLL_MILLIS = 10;

  private ReleaseScenarios() {}

  /** One service that follows releases, and who makes them. */
  private abstract static class Released implements Scenario {
    Bundle sound;
    Publisher publisher;
    Service service;

    @Override
    public void prepare(Trial trial) throws Exception {
      sound = Bundle.read(trial.options().bundle());
      publisher = trial.publisher();
      trial.set("cnn2gnn.release.allow", trial.store().toUri().toString());
      service = trial.startReady("one");
    }

    String id(Bundle bundle) {
      return bundle.card().id();
    }

    boolean answers(Bundle bundle) throws InterruptedException {
      return service.metric("cnn2gnn_model_active", id(bundle)).orElse(0) == 1;
    }

    /** Waits until it answers; returns after how many seconds. */
    double awaitAnswers(Bundle bundle) throws InterruptedException {
      long start = System.nanoTime();
      while (!answers(bundle)) {
        if (System.nanoTime() - start > LONGEST.toNanos()) {
          throw new FaultException(id(bundle) + " did not come into service");
        }
        Thread.sleep(POLL_MILLIS);
      }
      return (System.nanoTime() - start) / 1e9;
    }

    double failures() throws InterruptedException {
      return service.metric("cnn2gnn_model_load_failures_total", "").orElse(0);
    }

    void awaitFailure(double before, String what) throws InterruptedException {
      long start = System.nanoTime();
      while (failures() == before) {
        if (System.nanoTime() - start > LONGEST.toNanos()) {
          throw new FaultException("no failure was told of a bundle that is " + what);
        }
        Thread.sleep(POLL_MILLIS);
      }
    }
  }

  /** Broken bundles are told of and change nothing; the next sound one is taken. */
  static final class BadBundles extends Released {
    private enum Damage {
      TRUNCATED,
      FLIPPED,
      WRONG_SHAPE,
      MISSING,
      HALF_COPIED
    }

    private Bundle serving;
    private int next;

    @Override
    public void prepare(Trial trial) throws Exception {
      super.prepare(trial);
      serving = sound;
      next = 0;
    }

    @Override
    public void round(Trial trial) throws Exception {
      trial.underLoad(
          60,
          () -> {
            for (Damage damage : Damage.values()) {
              Bundle bad = BundleVariants.retrained(sound, "bad-" + next, 31L + next);
              next++;
              Bundle released = damage(damage, bad, trial);
              double before = failures();
              publisher.publish(released, ReleaseState.ACTIVE);
              awaitFailure(before, damage.toString());
              trial.check(answers(serving), damage + ": the model before does not answer");
              if (damage == Damage.HALF_COPIED) {
                publisher.store(bad);
                publisher.publish(bad, ReleaseState.ACTIVE);
                awaitAnswers(bad);
                serving = bad;
              }
              publisher.publish(released, ReleaseState.RETIRED);
            }
            Bundle good = BundleVariants.retrained(sound, "good-" + next, next);
            publisher.store(good);
            publisher.publish(good, ReleaseState.ACTIVE);
            awaitAnswers(good);
            serving = good;
            trial.faultOver();
            trial.pause(300, 600);
            return null;
          });
      trial.check(trial.settledWithin(LONGEST), "the load was not answered in time");
      trial.check(trial.answeredBy(id(serving)) > 0, id(serving) + " has answered nothing");
    }

    /** What is released, with its file as damaged. */
    private Bundle damage(Damage damage, Bundle bad, Trial trial) throws IOException {
      byte[] bytes = bad.bytes();
      Path file = publisher.file(bad);
      switch (damage) {
        case TRUNCATED ->
            Files.write(file, Arrays.copyOf(bytes, trial.random().nextInt(bytes.length)));
        case FLIPPED -> {
          bytes[trial.random().nextInt(bytes.length)] ^= (byte) (1 << trial.random().nextInt(8));
          Files.write(file, bytes);
        }
        case WRONG_SHAPE -> {
          Bundle misshapen = misshapen(bad);
          Files.write(file, misshapen.bytes());
          return misshapen;
        }
        case MISSING -> Files.deleteIfExists(file);
        case HALF_COPIED -> Files.write(file, Arrays.copyOf(bytes, bytes.length / 2));
      }
      return bad;
    }

    /** One whose hash is right and whose largest tensor lacks its last value. */
    private static Bundle misshapen(Bundle bundle) {
      Map<String, Tensor> weights = new LinkedHashMap<>(bundle.weights());
      Map.Entry<String, Tensor> largest =
          weights.entrySet().stream()
              .max(Map.Entry.comparingByValue(Comparator.comparing(t -> t.data().length)))
              .orElseThrow();
      float[] values = largest.getValue().data();
      weights.put(
          largest.getKey(),
          new Tensor(new long[] {values.length - 1}, Arrays.copyOf(values, values.length - 1)));
      return new Bundle(bundle.card(), weights, bundle.prototypes(), bundle.golden());
    }
  }

  /** A model that passes every check and is wrong does not get past the shadow. */
  static final class GarbageCandidate extends Released {
    private Bundle serving;
    private int next;

    @Override
    public void prepare(Trial trial) throws Exception {
      trial.set("cnn2gnn.shadow.promotion", "rule");
      trial.set("cnn2gnn.shadow.batches", "5");
      // The machine is shared: time is not what this row is about.
      trial.set("cnn2gnn.shadow.max.slowdown", "100");
      super.prepare(trial);
      serving = sound;
      next = 0;
      publisher.store(sound);
      publisher.publish(sound, ReleaseState.ACTIVE);
    }

    @Override
    public void round(Trial trial) throws Exception {
      Bundle garbage = BundleVariants.garbage(sound, "garbage-" + next);
      Bundle good = BundleVariants.renamed(sound, "good-" + next);
      next++;
      trial.underLoad(
          100,
          () -> {
            publisher.store(garbage);
            publisher.publish(garbage, ReleaseState.CANDIDATE);
            ModelRelease retired = awaitDecision(garbage);
            trial.check(
                retired.getState() == ReleaseState.RETIRED,
                id(garbage) + " became " + retired.getState());
            trial.check(answers(serving), "the model before does not answer");
            publisher.store(good);
            publisher.publish(good, ReleaseState.CANDIDATE);
            awaitDecision(good);
            awaitAnswers(good);
            serving = good;
            if (next == 1) {
              trial.note("refused: " + retired.getReason());
              trial.note("promoted: " + awaitDecision(good).getReason());
            }
            trial.faultOver();
            return null;
          });
      trial.check(trial.settledWithin(LONGEST), "the load was not answered in time");
      trial.check(trial.answeredBy(id(garbage)) == 0, id(garbage) + " has answered");
    }

    private ModelRelease awaitDecision(Bundle candidate) throws InterruptedException {
      long start = System.nanoTime();
      while (true) {
        ModelRelease release =
            publisher
                .releases()
                .find(candidate.card().name(), candidate.card().version())
                .orElseThrow();
        if (release.getState() != ReleaseState.CANDIDATE) {
          return release;
        }
        if (System.nanoTime() - start > LONGEST.toNanos()) {
          throw new FaultException(id(candidate) + " is on trial for ever");
        }
        Thread.sleep(200);
      }
    }
  }

  /** Five hundred changes of the model a round, half of them rollbacks, under load. */
  static final class Swaps extends Released {
    private static final int SWAPS = 500;
    private static final int WARM = 50;
    private static final double RATE = 80;
    private static final int HEAP_MEGABYTES = 384;
    private static final double MOST_GROWTH_MEGABYTES = 50;

    private List<Bundle> models;

    @Override
    public void prepare(Trial trial) throws Exception {
      trial.setResidentHeap(HEAP_MEGABYTES);
      super.prepare(trial);
      models =
          List.of(
              sound,
              BundleVariants.retrained(sound, "second", 2),
              BundleVariants.retrained(sound, "third", 3));
      for (Bundle model : models) {
        publisher.store(model);
      }
    }

    /** The sound one at every second swap, so that half of them go back to where they were. */
    private Bundle model(int swap) {
      return swap % 2 == 0 ? sound : models.get(1 + swap / 2 % 2);
    }

    @Override
    public void round(Trial trial) throws Exception {
      double[] loads = new double[SWAPS / 2];
      double[] rollbacks = new double[SWAPS / 2];
      double[] seen = new double[3];
      trial.underLoad(
          RATE,
          () -> {
            for (int swap = 1; swap <= SWAPS; swap++) {
              Bundle model = model(swap);
              publisher.publish(model, ReleaseState.ACTIVE);
              double seconds = awaitAnswers(model);
              (swap % 2 == 0 ? rollbacks : loads)[(swap - 1) / 2] = seconds;
              seen[0] = Math.max(seen[0], seconds("cnn2gnn_model_change_seconds_max"));
              seen[1] = Math.max(seen[1], seconds("cnn2gnn_batch_inference_seconds_max"));
              if (swap == WARM) {
                seen[2] = service.residentMegabytes();
              }
            }
            trial.faultOver();
            return null;
          });
      trial.check(trial.settledWithin(LONGEST), "the load was not answered in time");
      double after = service.residentMegabytes();
      Map<Integer, Double> loaded = medianAndWorst(loads);
      Map<Integer, Double> kept = medianAndWorst(rollbacks);
      trial.figure("loadedSeconds", loaded.get(50));
      trial.figure("keptSeconds", kept.get(50));
      trial.figure("stallMillis", 1e3 * seen[0]);
      trial.figure("batchMillis", 1e3 * seen[1]);
      trial.note(
          "%d swaps; in service after %.2f s (median), %.2f s (worst) with a load, %.2f s, %.2f s without"
              .formatted(SWAPS, loaded.get(50), loaded.get(100), kept.get(50), kept.get(100)));
      trial.note(
          "a task was held up for %.0f ms at most, by %d changes of %.1f ms in the mean; a batch took %.0f ms at most"
              .formatted(
                  1e3 * seen[0],
                  (long) seconds("cnn2gnn_model_change_seconds_count"),
                  1e3
                      * seconds("cnn2gnn_model_change_seconds_sum")
                      / Math.max(1, seconds("cnn2gnn_model_change_seconds_count")),
                  1e3 * seen[1]));
      trial.note(
          "%.0f MB resident after %d swaps, %.0f MB after %d"
              .formatted(seen[2], WARM, after, SWAPS));
      trial.check(after - seen[2] < MOST_GROWTH_MEGABYTES, "the memory of the service grew");
      for (Bundle model : models) {
        trial.check(trial.answeredBy(id(model)) > 0, id(model) + " has answered nothing");
      }
      trial.check(failures() == 0, "a sound release failed");
    }

    private static Map<Integer, Double> medianAndWorst(double[] seconds) {
      return Quantiles.percentiles().indexes(50, 100).compute(seconds);
    }

    private double seconds(String metric) throws InterruptedException {
      return service.metric(metric, "").orElse(0);
    }
  }
}
