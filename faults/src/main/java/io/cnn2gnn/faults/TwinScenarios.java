package io.cnn2gnn.faults;

import static io.cnn2gnn.faults.LabelScenarios.FOLLOWED;
import static io.cnn2gnn.faults.LabelScenarios.LONGEST;

import io.cnn2gnn.model.bundle.Bundle;
import io.cnn2gnn.schemas.avro.AnswerSource;
import io.cnn2gnn.schemas.avro.LabelOutcome;
import io.cnn2gnn.schemas.avro.Prediction;
import io.cnn2gnn.schemas.avro.ReleaseState;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/** Labels that answer nearly the same image: of other instances, under other models. */
final class TwinScenarios {
  private TwinScenarios() {}

  /** Answered by the label of an image. */
  private static Predicate<Prediction> twinOf(Shot shot, String label) {
    return p ->
        p.getDecidedBy() == AnswerSource.TWIN
            && p.getNeighbours().get(0).getImageId().equals(shot.id())
            && p.getLabel().equals(label);
  }

  private static void awaitAnswersAndOutcomes(Trial trial) throws InterruptedException {
    if (!trial.settledWithin(LONGEST) || !trial.labels().settledWithin(LONGEST)) {
      throw new FaultException("images and labels did not come to their end");
    }
  }

  /**
   * A label on one of three instances, and twins of its image on another.
   *
   * <p>Notices: a tier that only the instance knows that wrote it, and one that is followed late.
   */
  static final class OnAnotherInstance implements Scenario {
    private static final List<String> NAMES = List.of("one", "two", "three");
    private static final long EVERY_MILLIS = 20;
    private static final double MOST_SECONDS = 5;
    private List<String> classes;
    private int made;

    @Override
    public void prepare(Trial trial) throws Exception {
      classes = LabelScenarios.classes(trial);
      made = 0;
      for (String name : NAMES) {
        trial.startReady(name);
      }
    }

    @Override
    public void round(Trial trial) throws Exception {
      List<String> owners = owners(trial);
      int partition = trial.random().nextInt(FaultHarness.PARTITIONS);
      int other = partition;
      while (owners.get(other).equals(owners.get(partition))) {
        other = (other + 1) % FaultHarness.PARTITIONS;
      }
      String elsewhere = Feeder.key("gate", other);
      String label = classes.get(trial.random().nextInt(classes.size()));
      Shot shot = trial.feeder().shot(Feeder.key("camera", partition));
      trial.feeder().send(shot);
      awaitAnswersAndOutcomes(trial);
      Prediction without = trial.answer(twin(shot, elsewhere), FOLLOWED, p -> true);
      trial.check(!twinOf(shot, label).test(without), "a twin is answered by what nobody has said");

      Labels.Sent sent = trial.labels().teach(shot, label);
      List<Shot> twins = new ArrayList<>();
      long start = System.nanoTime();
      while (System.nanoTime() - start < Duration.ofSeconds(2).toNanos()) {
        Shot twin = twin(shot, elsewhere);
        twins.add(twin);
        trial.feeder().send(twin);
        Thread.sleep(EVERY_MILLIS);
      }
      awaitAnswersAndOutcomes(trial);
      trial.answer(twin(shot, elsewhere), FOLLOWED, twinOf(shot, label));
      LabelOutcome outcome = trial.labels().outcome(sent);
      Optional<Prediction> first =
          twins.stream()
              .flatMap(twin -> trial.answersTo(twin).stream())
              .filter(twinOf(shot, label))
              .min((a, b) -> a.getPredictedAt().compareTo(b.getPredictedAt()));
      double seconds =
          first
              .map(p -> Duration.between(outcome.getAt(), p.getPredictedAt()).toNanos() / 1e9)
              .orElse(Double.POSITIVE_INFINITY);
      trial.figure("from the outcome to a twin elsewhere (s)", seconds);
      trial.note(
          "label on %s, twin on %s: %.2f s from the outcome to the first twin's answer"
              .formatted(owners.get(partition), owners.get(other), seconds));
      trial.check(seconds < MOST_SECONDS, "a label came late to another instance");
      trial.check(owners(trial).equals(owners), "the partitions moved meanwhile");
    }

    private Shot twin(Shot shot, String key) {
      return shot.twin(key, "twin-" + made++);
    }

    /** Which instance has each partition, once it is the same for a second. */
    private static List<String> owners(Trial trial) throws InterruptedException {
      List<String> before = List.of();
      long deadline = System.nanoTime() + LONGEST.toNanos();
      while (true) {
        List<String> now = new ArrayList<>();
        for (int partition = 0; partition < FaultHarness.PARTITIONS; partition++) {
          for (Service service : trial.services()) {
            if (service
                .metric("cnn2gnn_bank_rows", "partition=\"" + partition + "\"")
                .isPresent()) {
              now.add(service.name());
            }
          }
        }
        if (now.size() == FaultHarness.PARTITIONS
            && now.stream().distinct().count() == NAMES.size()
            && now.equals(before)) {
          return now;
        }
        if (System.nanoTime() - deadline >= 0) {
          throw new FaultException("three instances share the partitions like this: " + now);
        }
        before = now;
        Thread.sleep(1000);
      }
    }
  }

  /**
   * Another model comes into service: the images of labels are embedded again, and those that are
   * gone leave the tier.
   *
   * <p>Notices: rows that stay in the old space or are forgotten, a row that stays though its image
   * is gone, one that leaves without saying so, labels that no longer find images of the old model.
   */
  static final class UnderAnotherModel implements Scenario {
    private static final int LABELS = 24;
    private Bundle sound;
    private Publisher publisher;
    private int next;

    @Override
    public void prepare(Trial trial) throws Exception {
      sound = Bundle.read(trial.options().bundle());
      publisher = trial.publisher();
      next = 0;
      trial.set("cnn2gnn.release.allow", trial.store().toUri().toString());
      Scenario.super.prepare(trial);
    }

    @Override
    public void round(Trial trial) throws Exception {
      int emptied = next % FaultHarness.PARTITIONS;
      Bundle model = BundleVariants.retrained(sound, "next-" + next++, 40L + next);
      publisher.store(model);
      List<String> classes = sound.card().classes();
      List<Shot> shots = trial.feeder().shots(LABELS);
      if (!trial.settledWithin(LONGEST)) {
        throw new FaultException("images before the labels were not answered");
      }
      List<Labels.Sent> sent = new ArrayList<>();
      for (Shot shot : shots.subList(0, LABELS - FaultHarness.PARTITIONS)) {
        sent.add(trial.labels().teach(shot, classes.get(sent.size() % classes.size())));
      }
      awaitAnswersAndOutcomes(trial);
      Prediction last =
          trial.answersTo(shots.get(LABELS - FaultHarness.PARTITIONS + emptied)).get(0);
      trial.deleteImages(emptied, last.getImage().getOffset());

      publisher.publish(model, ReleaseState.ACTIVE);
      trial.faultOver();
      String space = model.card().space();
      long start = System.nanoTime();
      trial.check(
          trial
              .labels()
              .awaitTier(
                  LONGEST,
                  tier ->
                      tier.stream()
                          .allMatch(
                              r ->
                                  r.row().space().equals(space)
                                      && (r.image().partition() != emptied
                                          || r.image().offset() >= last.getImage().getOffset()))),
          "rows of another model are left");
      trial.figure("until all rows are of the new model (s)", (System.nanoTime() - start) / 1e9);
      for (int i = 0; i < sent.size(); i++) {
        boolean isLost = i % FaultHarness.PARTITIONS == emptied;
        List<LabelOutcome> left = trial.labels().left(sent.get(i));
        trial.check(
            left.size() == (isLost ? 1 : 0)
                && left.stream().allMatch(o -> o.getReason().equals("IMAGE_GONE")),
            "of %s it was said that it left: %s".formatted(shots.get(i).id(), left));
      }
      Shot kept = shots.get((emptied + 1) % FaultHarness.PARTITIONS);
      String label = classes.get((emptied + 1) % FaultHarness.PARTITIONS % classes.size());
      Prediction twin =
          trial.answer(
              kept.twin(Feeder.key("gate", emptied), kept.id() + "-twin"),
              FOLLOWED,
              twinOf(kept, label));
      trial.check(
          twin.getModelVersion().equals(model.card().id()) && twin.getSpace().equals(space),
          "a twin was answered by " + twin.getModelVersion());
      // Of images that the model before has answered.
      for (Shot shot : shots.subList(LABELS - FaultHarness.PARTITIONS, LABELS)) {
        trial.labels().teach(shot, classes.get(0));
      }
      awaitAnswersAndOutcomes(trial);
      trial.check(
          trial
              .labels()
              .awaitTier(
                  Duration.ZERO,
                  tier -> tier.stream().allMatch(row -> row.row().space().equals(space))),
          "a label of now is in the space of the model before");
    }
  }
}
