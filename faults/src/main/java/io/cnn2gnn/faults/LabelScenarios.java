package io.cnn2gnn.faults;

import io.cnn2gnn.intake.LabelRecord.Coordinates;
import io.cnn2gnn.model.bundle.Bundle;
import io.cnn2gnn.model.bundle.BundleException;
import io.cnn2gnn.schemas.avro.AnswerSource;
import io.cnn2gnn.schemas.avro.ImageCoordinates;
import io.cnn2gnn.schemas.avro.LabelResult;
import io.cnn2gnn.schemas.avro.Prediction;
import io.cnn2gnn.topology.teaching.TaughtRow;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * Labels beside faults. In every row {@link LabelVerifier} counts the outcomes of each label and
 * holds the labelled tier to them; what a row would notice beyond that stands beside it.
 */
final class LabelScenarios {
  static final Duration LONGEST = Duration.ofSeconds(60);

  /** For a label to count on every instance. */
  static final Duration FOLLOWED = Duration.ofSeconds(20);

  private LabelScenarios() {}

  /** The classes that the model knows: others would be refused beyond a hundred. */
  static List<String> classes(Trial trial) throws IOException, BundleException {
    return Bundle.read(trial.options().bundle()).card().classes();
  }

  static Coordinates place(Prediction prediction) {
    ImageCoordinates at = prediction.getImage();
    return new Coordinates(at.getTopic(), at.getPartition(), at.getOffset());
  }

  private static Predicate<Prediction> byLabel(String label) {
    return p -> p.getDecidedBy() == AnswerSource.LABEL && p.getLabel().equals(label);
  }

  private static void awaitAnswers(Trial trial) throws InterruptedException {
    if (!trial.settledWithin(LONGEST)) {
      throw new FaultException("images before the labels were not answered");
    }
  }

  private static void awaitOutcomes(Trial trial) {
    if (!trial.labels().settledWithin(LONGEST)) {
      throw new FaultException("labels had no outcome: " + trial.labels().verdict());
    }
  }

  /**
   * kill -9 when outcomes are written but their transaction is not committed, while other labels
   * wait for their images.
   *
   * <p>Notices: outcomes or rows written outside of the transaction (doubled, or a tier beside its
   * outcomes), labels that wait in memory alone (lost).
   */
  static final class KilledBeforeCommit implements Scenario {
    private List<String> classes;

    @Override
    public void prepare(Trial trial) throws Exception {
      classes = classes(trial);
      trial.set("commit.interval.ms", "1500");
      trial.set("cnn2gnn.commit.min.interval.ms", "1500");
      Scenario.super.prepare(trial);
    }

    @Override
    public void round(Trial trial) throws Exception {
      List<Shot> shots = trial.feeder().shots(40);
      awaitAnswers(trial);
      List<Shot> later = new ArrayList<>();
      for (int i = 0; i < 12; i++) {
        later.add(trial.feeder().shot(Feeder.key("camera", i % FaultHarness.PARTITIONS)));
      }
      teach(trial, shots.subList(0, 30));
      teach(trial, later);
      shots.subList(0, 10).forEach(trial.labels()::takeBack);
      trial.awaitUncommittedOutcomes();
      trial.services().get(0).kill();
      trial.faultOver();
      teach(trial, shots.subList(30, 40));
      later.forEach(trial.feeder()::send);
      trial.startReady("one");
    }

    private void teach(Trial trial, List<Shot> shots) {
      for (Shot shot : shots) {
        trial.labels().teach(shot, classes.get(trial.random().nextInt(classes.size())));
      }
    }
  }

  /**
   * Labels before, with, after and long after their image, and of images that never come.
   *
   * <p>Notices: labels that do not wait or wait for ever, answers that are remembered longer than
   * they may be, images that are not read again by their coordinates.
   */
  static final class EarlyAndLate implements Scenario {
    private static final int RECENT = 16;

    /**
     * Answers are forgotten 64 at a time, and so many chunks of them are kept for {@link #RECENT}.
     */
    private static final int BETWEEN = 2 * 64 + RECENT;

    private List<String> classes;

    @Override
    public void prepare(Trial trial) throws Exception {
      classes = classes(trial);
      trial.set("cnn2gnn.labels.recent", Integer.toString(RECENT));
      trial.set("cnn2gnn.labels.patience", "8s");
      Scenario.super.prepare(trial);
    }

    @Override
    public void round(Trial trial) throws Exception {
      Feeder feeder = trial.feeder();
      String key = Feeder.key("camera", trial.random().nextInt(FaultHarness.PARTITIONS));
      Shot far = feeder.shot(key);
      Shot forgotten = feeder.shot(key);
      Shot near = feeder.shot(key);
      feeder.send(far);
      feeder.send(forgotten);
      for (int i = 0; i < BETWEEN; i++) {
        feeder.send(feeder.shot(key));
      }
      feeder.send(near);
      awaitAnswers(trial);
      Shot before = feeder.shot(key);
      Shot with = feeder.shot(key);
      trial.labels().teach(before, label(trial));
      trial.labels().sayInVain(feeder.shot(key), label(trial), "NO_SUCH_IMAGE");
      trial.labels().teach(near, label(trial));
      trial.labels().sayInVain(forgotten, label(trial), "NO_SUCH_IMAGE");
      Prediction answer = trial.answersTo(far).get(0);
      String known = label(trial);
      trial.labels().teachAt(far, known, place(answer));
      trial.pause(200, 800);
      feeder.send(before);
      trial.labels().teach(with, label(trial));
      feeder.send(with);
      awaitAnswers(trial);
      awaitOutcomes(trial);
      trial.answer(far, FOLLOWED, byLabel(known));
    }

    private String label(Trial trial) {
      return classes.get(trial.random().nextInt(classes.size()));
    }
  }

  /**
   * Thousands of labels at once, half of them of images that never were, and some that are none,
   * while images arrive.
   *
   * <p>Notices: labels that hold up images (the age of answers beside the flood), labels that are
   * passed over, and a tier that two labels of one image leave in another order than they came.
   */
  static final class Flood implements Scenario {
    private static final int IMAGES = 1500;
    private static final int UNKNOWN = 3000;

    /** Labels are worked off by the threads that answer images of the same partitions. */
    private static final double TIMES = 6;

    private List<String> classes;
    private List<Shot> shots;
    private Onlooker onlooker;

    @Override
    public void prepare(Trial trial) throws Exception {
      classes = classes(trial);
      trial.set("cnn2gnn.labels.patience", "2s");
      Scenario.super.prepare(trial);
      onlooker = trial.onlooker();
      shots = trial.feeder().shots(IMAGES);
      awaitAnswers(trial);
    }

    @Override
    public void round(Trial trial) throws Exception {
      AttackScenarios.beside(
          trial,
          onlooker,
          TIMES,
          () -> {
            Thread.sleep(1000);
            long start = System.nanoTime();
            for (int i = 0; i < UNKNOWN; i++) {
              trial.labels().teach(shots.get(i % IMAGES), classes.get(i % classes.size()));
              Shot nobodys = trial.feeder().shot("nobody-" + i % 7);
              trial.labels().sayInVain(nobodys, classes.get(0), "NO_SUCH_IMAGE");
              if (i % 20 == 0) {
                trial.labels().sayNothing("nobody", "none".getBytes(StandardCharsets.UTF_8));
              }
            }
            awaitOutcomes(trial);
            trial.figure("flood until its last outcome (s)", (System.nanoTime() - start) / 1e9);
          });
      Service service = trial.services().get(0);
      trial.figure(
          "a label of the stream thread's time (ms)",
          1e3
              * service.metric("cnn2gnn_label_take_seconds_sum", "").orElse(0)
              / service.metric("cnn2gnn_label_take_seconds_count", "").orElse(1));
      trial.check(service.isAlive(), "the service died");
    }
  }

  /**
   * Two labels for one image; one that is taken back; one that somebody else wants to take back.
   *
   * <p>Notices: an earlier label that wins, a label that still answers after it was taken back, a
   * label that anybody takes back.
   */
  static final class Changed implements Scenario {
    private List<String> classes;

    @Override
    public void prepare(Trial trial) throws Exception {
      classes = classes(trial);
      Scenario.super.prepare(trial);
    }

    @Override
    public void round(Trial trial) throws Exception {
      int first = trial.random().nextInt(classes.size());
      String one = classes.get(first);
      String other = classes.get((first + 1) % classes.size());
      List<Shot> shots = trial.feeder().shots(4);
      awaitAnswers(trial);
      Labels labels = trial.labels();
      labels.teach(shots.get(0), one);
      labels.teach(shots.get(0), other);
      labels.teach(shots.get(1), one, "bob");
      labels.teach(shots.get(2), one, "bob");
      labels.takeBack(shots.get(2), "mallory", LabelResult.NOT_FOUND);
      labels.takeBack(shots.get(3), "bob", LabelResult.NOT_FOUND);
      // Two that come before their image: only the later one is ever taught.
      Shot early = trial.feeder().shot(shots.get(3).key());
      labels.sayAtOnce(early, one);
      labels.teach(early, other);
      trial.feeder().send(early);
      awaitOutcomes(trial);
      trial.answer(shots.get(0), FOLLOWED, byLabel(other));
      trial.answer(shots.get(1), FOLLOWED, byLabel(one));
      trial.answer(shots.get(2), FOLLOWED, byLabel(one));
      trial.answer(early, FOLLOWED, byLabel(other));
      labels.takeBack(shots.get(1), "bob", LabelResult.TAKEN_BACK);
      awaitOutcomes(trial);
      trial.answer(shots.get(1), FOLLOWED, p -> p.getDecidedBy() != AnswerSource.LABEL);
    }
  }

  /**
   * A labels topic of another number of partitions than the images': with more of them the service
   * ends at once and says so; one with fewer is given as many, and taught by.
   *
   * <p>Notices: a service that starts and never hears labels of some partitions, or that ends with
   * a stack trace.
   */
  static final class OtherPartitions implements Scenario {
    private static final Duration MOST = Duration.ofSeconds(60);
    private int round;

    @Override
    public void prepare(Trial trial) {
      round = 0;
    }

    @Override
    public void round(Trial trial) throws Exception {
      String wide = "%s-wide-%d".formatted(trial.imagesTopic(), round);
      int partitions = FaultHarness.PARTITIONS + 1 + trial.random().nextInt(3);
      trial.createTopic(wide, partitions);
      trial.setLabelsTopic(wide);
      Service refused = trial.start("refused-" + round++);
      int code = refused.awaitEnd(MOST);
      trial.check(code != 0, "it ended with exit code 0");
      trial.check(
          refused.logged(
                  "topic %s has %d partitions and topic %s has %d"
                      .formatted(wide, partitions, trial.imagesTopic(), FaultHarness.PARTITIONS))
              == 1,
          "it did not say how many partitions the topics have");
      trial.check(refused.logged("\tat ") == 0, "it ended with a stack trace");

      String topic = "%s-%d".formatted(trial.imagesTopic(), round);
      trial.createTopic(topic, 1 + trial.random().nextInt(FaultHarness.PARTITIONS - 1));
      trial.setLabelsTopic(topic);
      Service started = trial.startReady("one");
      trial.labels().sayTo(topic);
      List<Shot> shots = trial.feeder().shots(4);
      awaitAnswers(trial);
      for (Shot shot : shots) {
        trial.labels().teach(shot, "a class of its own");
      }
      awaitOutcomes(trial);
      started.terminate(MOST);
    }
  }

  /**
   * More labels than the tier has room for, by several people on all partitions; then a restart.
   *
   * <p>Notices: a tier that grows beyond its bound, rows that leave without saying so or twice, a
   * restart that forgets rows or brings back some that had left.
   */
  static final class FullTier implements Scenario {
    private static final int CAPACITY = 40;
    private static final int LABELS = 60;
    private static final int PEOPLE = 5;
    private List<String> classes;
    private int round;

    @Override
    public void prepare(Trial trial) throws Exception {
      classes = classes(trial);
      round = 0;
      trial.set("cnn2gnn.bank.labelled.capacity", Integer.toString(CAPACITY));
      Scenario.super.prepare(trial);
    }

    @Override
    public void round(Trial trial) throws Exception {
      List<Shot> shots = trial.feeder().shots(LABELS);
      awaitAnswers(trial);
      for (int i = 0; i < LABELS; i++) {
        // Whose label goes does not depend on its partition.
        trial.labels().teach(shots.get(i), classes.get(i % classes.size()), "person-" + i % PEOPLE);
      }
      awaitOutcomes(trial);
      awaitFull(trial);
      Set<String> before = images(trial);
      if (round++ % 2 == 0) {
        trial.services().get(0).kill();
      } else {
        trial.services().get(0).terminate(LONGEST);
      }
      trial.faultOver();
      trial.startReady("one");
      // The tier is there before the first image, so that there is nothing to wait for.
      shots.forEach(trial.feeder()::send);
      awaitAnswers(trial);
      for (Shot shot : shots) {
        List<Prediction> answers = trial.answersTo(shot);
        Prediction last = answers.get(answers.size() - 1);
        trial.check(
            (last.getDecidedBy() == AnswerSource.LABEL) == before.contains(shot.name().digest()),
            "after the restart %s is answered by %s".formatted(shot.id(), last.getDecidedBy()));
      }
      trial.check(images(trial).equals(before), "the tier is another one after the restart");
      Shot later = trial.feeder().shots(1).get(0);
      awaitAnswers(trial);
      trial.labels().teach(later, classes.get(0), "person-0");
      awaitOutcomes(trial);
      trial.answer(later, FOLLOWED, byLabel(classes.get(0)));
      awaitFull(trial);
    }

    private static void awaitFull(Trial trial) {
      trial.check(
          trial
              .labels()
              .awaitTier(
                  FOLLOWED, tier -> tier.size() <= CAPACITY && tier.size() > CAPACITY * 3 / 4),
          "a tier for %d rows has %d".formatted(CAPACITY, trial.labels().tier().size()));
    }

    private static Set<String> images(Trial trial) {
      return trial.labels().tier().stream()
          .map(TaughtRow::row)
          .map(row -> row.image())
          .collect(Collectors.toSet());
    }
  }
}
