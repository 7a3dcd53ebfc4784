package io.cnn2gnn.training.stream;

import io.cnn2gnn.training.stream.Answering.Said;
import io.cnn2gnn.training.stream.Answering.Turn;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/**
 * Plays a stream to whoever answers it, in rounds: of some images it is said what they are, a while
 * after they were answered; then each source that has images left sends its next ones.
 */
final class Player {
  private final Answering answering;
  private final Scenario scenario;
  private final IntFunction<String> classes;
  private final Random random;

  /**
   * Plays one stream.
   *
   * @param classes of the images
   * @param seed decides of which images it is said what they are, whatever is answered
   */
  Player(Answering answering, Scenario scenario, IntFunction<String> classes, long seed) {
    this.answering = answering;
    this.scenario = scenario;
    this.classes = classes;
    this.random = new Random(seed);
  }

  /**
   * What was answered to an image.
   *
   * @param sent images of the batch in which it was sent
   * @param labelled images of its class that somebody had labelled before
   */
  record Played(int image, Reply reply, int sent, int labelled) {
    /** Whether it was answered in a batch of another size. */
    boolean hasStrayed() {
      return reply.batch() != sent;
    }
  }

  /**
   * What came of a stream.
   *
   * @param answers in the order of the rounds
   * @param labels how many images were labelled while their source had more to send
   */
  record Outcome(List<Played> answers, int labels) {}

  private record Due(Said said, int at) {}

  private static final class Source {
    private final int[] images;
    private final Deque<Due> waiting = new ArrayDeque<>();
    private int at;

    Source(int[] images) {
      this.images = images;
    }

    boolean hasMore() {
      return at < images.length;
    }
  }

  /** Plays all of it. */
  Outcome play(Stream stream) throws AnsweringException, InterruptedException {
    List<Source> sources = new ArrayList<>();
    for (int[] images : stream.sources()) {
      sources.add(source(sources.size(), images));
    }
    List<Played> played = new ArrayList<>();
    Map<String, Integer> labelled = new HashMap<>();
    int labels = 0;
    while (sources.stream().anyMatch(Source::hasMore)) {
      if (Thread.interrupted()) {
        throw new InterruptedException("playing a stream was interrupted");
      }
      List<Said> due = due(sources);
      if (!due.isEmpty()) {
        answering.label(due);
        due.forEach(said -> labelled.merge(said.label(), 1, Integer::sum));
        labels += due.size();
      }
      List<Turn> turns = turns(sources);
      int next = 0;
      List<Reply> replies = answering.answer(turns);
      for (Turn turn : turns) {
        for (int i = 0; i < turn.images().size(); i++) {
          int image = turn.images().get(i);
          played.add(
              new Played(
                  image,
                  replies.get(next++),
                  batch(turn, i),
                  labelled.getOrDefault(classes.apply(image), 0)));
        }
      }
    }
    return new Outcome(List.copyOf(played), labels);
  }

  private Source source(int number, int[] images) {
    Source source = new Source(images);
    for (int i = 0; i < images.length; i++) {
      if (random.nextDouble() < scenario.labelled()) {
        Said said = new Said(number, images[i], classes.apply(images[i]));
        source.waiting.add(new Due(said, i + scenario.late()));
      }
    }
    return source;
  }

  private static List<Said> due(List<Source> sources) {
    List<Said> due = new ArrayList<>();
    for (Source source : sources) {
      while (source.hasMore() && !source.waiting.isEmpty() && isDue(source)) {
        due.add(source.waiting.poll().said());
      }
    }
    return due;
  }

  private static boolean isDue(Source source) {
    return source.waiting.element().at() <= source.at;
  }

  private List<Turn> turns(List<Source> sources) {
    List<Turn> turns = new ArrayList<>();
    for (int number = 0; number < sources.size(); number++) {
      Source source = sources.get(number);
      if (source.hasMore()) {
        int to = Math.min(source.images.length, source.at + scenario.turn());
        turns.add(
            new Turn(
                number, IntStream.range(source.at, to).mapToObj(i -> source.images[i]).toList()));
        source.at = to;
      }
    }
    return turns;
  }

  /** Images of the batch in which the i-th one of a turn is sent. */
  private int batch(Turn turn, int i) {
    int from = i / scenario.batch() * scenario.batch();
    return Math.min(scenario.batch(), turn.images().size() - from);
  }
}
