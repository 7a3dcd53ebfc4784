package io.cnn2gnn.faults;

import io.cnn2gnn.model.bundle.Bundle;
import io.cnn2gnn.model.bundle.BundleException;
import io.cnn2gnn.schemas.avro.ModelRelease;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The training job is killed, and there are two of it. */
final class TrainingScenarios {
  private TrainingScenarios() {}

  /**
   * Two trainers with one memory; the one that trains is killed at any moment of a training, the
   * writing of its bundle and release included. Each training ends in one release of a whole
   * bundle.
   */
  static final class KilledWhileTraining implements Scenario {
    private static final Duration LONGEST = Duration.ofMinutes(3);
    private static final long POLL_MILLIS = 50;
    private static final int LABELLED = 120;
    private static final String MODEL = "trained";
    private static final List<String> TRAINERS = List.of("trainer-a", "trainer-b");

    private Publisher publisher;

    @Override
    public void prepare(Trial trial) throws Exception {
      publisher = trial.publisher();
      trial.startReady("one");
      for (String trainer : TRAINERS) {
        startTrainer(trial, trainer);
      }
    }

    private static Path work(Trial trial) {
      return trial.folder().resolve("training");
    }

    private static Path pending(Trial trial) {
      return work(trial).resolve("pending.json");
    }

    private static void startTrainer(Trial trial, String name) throws IOException {
      List<String> line = new ArrayList<>(trial.options().trainer());
      line.addAll(
          List.of(
              "--from-topic",
              trial.imagesTopic(),
              "--models-topic",
              trial.modelsTopic(),
              "--continuously",
              "--every-labelled",
              Integer.toString(LABELLED),
              "--name",
              MODEL,
              "--work",
              work(trial).toString(),
              "--store",
              trial.store().toString(),
              "--device",
              "cpu",
              "--teacher",
              "resnet8x16",
              "--teacher-epochs",
              "1",
              "--teacher-batch",
              "32",
              "--epochs",
              "2",
              "--batch",
              "32",
              "--memory",
              "64",
              "--widths",
              "8,16",
              "--strides",
              "2,2",
              "--views",
              "1",
              "--prototypes",
              "5"));
      trial.start(name, line, Map.of());
    }

    @Override
    public void round(Trial trial) throws Exception {
      int before = releases().size();
      long[] counts = new long[TRAINERS.size()];
      List<Service> trainers = trainers(trial);
      for (int i = 0; i < counts.length; i++) {
        counts[i] = begun(trainers.get(i));
      }
      for (int i = 0; i < LABELLED; i++) {
        trial.feeder().sendLabelled(i % 2 == 0 ? "ant" : "bee");
      }
      trial.feeder().flush();
      int[] victim = {-1};
      await(
          () -> {
            for (int i = 0; i < counts.length; i++) {
              victim[0] = begun(trainers.get(i)) > counts[i] ? i : victim[0];
            }
            return victim[0] >= 0;
          },
          "begins");
      trial.pause(0, 12_000);
      boolean struck = Files.exists(pending(trial));
      trainers.get(victim[0]).kill();
      trial.faultOver();
      startTrainer(trial, trainers.get(victim[0]).name());
      await(() -> releases().size() > before && !Files.exists(pending(trial)), "ends");
      List<ModelRelease> all = releases();
      trial.check(all.size() == before + 1, "one training made several releases");
      for (ModelRelease release : all) {
        checkBundle(trial, release);
      }
      trial.note(
          "killed %s: %s"
              .formatted(struck ? "while it trained" : "after it ended", all.get(0).getState()));
    }

    private List<ModelRelease> releases() {
      return publisher.releases().of(MODEL);
    }

    /** How often it has said that it begins a training, or goes on with one. */
    private static long begun(Service trainer) throws IOException {
      return trainer.logged("training " + MODEL + ":") + trainer.logged("going on with " + MODEL);
    }

    private static List<Service> trainers(Trial trial) {
      return trial.services().stream().filter(s -> TRAINERS.contains(s.name())).toList();
    }

    private static void checkBundle(Trial trial, ModelRelease release) {
      Path file = Path.of(URI.create(release.getBundle().getUri()));
      try {
        Bundle bundle = Bundle.read(file, Optional.of(release.getBundle().getSha256()));
        trial.check(
            bundle.card().version().equals(release.getVersion()),
            file + " is of another version than its release");
      } catch (BundleException e) {
        trial.check(false, "a release leads to a bundle that is not whole: " + e.getMessage());
      }
    }

    private interface Condition {
      boolean holds() throws Exception;
    }

    private static void await(Condition condition, String what) throws Exception {
      long start = System.nanoTime();
      while (!condition.holds()) {
        if (System.nanoTime() - start > LONGEST.toNanos()) {
          throw new FaultException("no training " + what);
        }
        Thread.sleep(POLL_MILLIS);
      }
    }
  }
}
