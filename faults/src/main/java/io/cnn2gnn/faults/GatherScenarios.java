package io.cnn2gnn.faults;

import io.cnn2gnn.schemas.avro.Prediction;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Images of other topics, which the service takes over into its own. */
final class GatherScenarios {
  private GatherScenarios() {}

  /**
   * kill -9 when images are taken over but the transaction is not committed. Verifiers see what was
   * taken over alone: whether that is each image once, and in the order of its topic, is seen here.
   */
  static final class KilledBeforeCommit implements Scenario {
    private static final List<String> TOPICS = List.of("north", "south");
    private static final Duration LONGEST = Duration.ofMinutes(2);
    private static final Duration STEP = Duration.ofSeconds(1);
    private final Map<String, List<Shot>> sent = new HashMap<>();

    @Override
    public void prepare(Trial trial) throws Exception {
      List<String> names = TOPICS.stream().map(topic -> inputTopic(trial, topic)).toList();
      for (String name : names) {
        trial.createTopic(name, 1);
      }
      trial.set("cnn2gnn.input.topics", String.join(",", names));
      trial.set("commit.interval.ms", "1500");
      trial.set("cnn2gnn.commit.min.interval.ms", "1500");
      Scenario.super.prepare(trial);
    }

    private static String inputTopic(Trial trial, String topic) {
      return trial.application() + "." + topic;
    }

    @Override
    public void round(Trial trial) throws Exception {
      send(trial, 60 + trial.random().nextInt(60));
      trial.awaitUncommittedImages();
      trial.services().get(0).kill();
      trial.faultOver();
      send(trial, 10);
      trial.startReady("one");
      awaitAnswers(trial);
    }

    private void send(Trial trial, int images) throws Exception {
      for (String topic : TOPICS) {
        List<Shot> shots = sent.computeIfAbsent(topic, t -> new ArrayList<>());
        try (Feeder feeder = trial.feeder(inputTopic(trial, topic))) {
          for (int i = 0; i < images; i++) {
            Shot shot = feeder.shot(topic).twin(topic, topic + "-" + shots.size());
            feeder.send(shot);
            shots.add(shot);
          }
          feeder.flush();
        }
      }
    }

    private void awaitAnswers(Trial trial) throws InterruptedException {
      long deadline = System.nanoTime() + LONGEST.toNanos();
      while (!allAnswered(trial)) {
        if (System.nanoTime() - deadline >= 0) {
          throw new FaultException("images of other topics have no answer");
        }
        // What has been taken over by now; the rest comes with the next look.
        var unused = trial.settledWithin(STEP);
      }
    }

    private boolean allAnswered(Trial trial) {
      return sent.values().stream()
          .allMatch(shots -> shots.stream().noneMatch(shot -> trial.answersTo(shot).isEmpty()));
    }

    @Override
    public void finish(Trial trial) {
      for (String topic : TOPICS) {
        long before = -1;
        for (Shot shot : sent.get(topic)) {
          List<Prediction> answers = trial.answersTo(shot);
          trial.check(answers.size() == 1, shot.id() + " has " + answers.size() + " answers");
          long offset = answers.get(0).getImage().getOffset();
          trial.check(offset > before, shot.id() + " was taken over out of order");
          before = offset;
        }
      }
    }
  }
}
