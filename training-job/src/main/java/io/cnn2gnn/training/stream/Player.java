package io.cnn2gnn.training.stream;

import io.cnn2gnn.model.inference.Answer;
import io.cnn2gnn.model.inference.BankMatrix;
import io.cnn2gnn.model.inference.Query;
import io.cnn2gnn.model.inference.StudentModel;
import io.cnn2gnn.model.label.LabelledRow;
import io.cnn2gnn.model.label.LabelledRows;
import io.cnn2gnn.training.data.ImageSet;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/**
 * Plays a stream to a model as the service would: each source has its recent rows, all share the
 * labelled tier, and what is said of an image comes later.
 */
final class Player {
  /** Recent rows of a source. */
  private static final int REMEMBERED = 192;

  private final StudentModel model;
  private final ImageSet set;
  private final Scenario scenario;
  private final Random random;
  private final List<LabelledRow> rows = new ArrayList<>();
  private long epoch;

  Player(StudentModel model, ImageSet set, Scenario scenario, long seed) {
    this.model = model;
    this.set = set;
    this.scenario = scenario;
    this.random = new Random(seed);
  }

  /**
   * An image's answer.
   *
   * @param nearest label of the nearest labelled image, of any source, if there was one
   */
  record Played(int image, Answer answer, Optional<String> nearest) {}

  private record Said(LabelledRow row, int due) {}

  private final class Source {
    private final String name;
    private final int[] images;
    private final BankMatrix bank = model.newBank(REMEMBERED);
    private final Deque<Said> waiting = new ArrayDeque<>();
    private int at;

    Source(int number, int[] images) {
      this.name = "%015x".formatted(number + 1);
      this.images = images;
    }

    List<Played> next() {
      while (!waiting.isEmpty() && waiting.peek().due() <= at) {
        rows.add(waiting.poll().row());
        epoch++;
      }
      bank.teach(new LabelledRows(rows, epoch), false);
      List<Query> batch = new ArrayList<>();
      int to = Math.min(images.length, at + scenario.batch());
      for (int i = at; i < to; i++) {
        int image = images[i];
        batch.add(
            new Query(
                Integer.toString(image),
                set.samples(image, image + 1),
                Optional.empty(),
                "image-" + image,
                name));
      }
      List<Answer> answers = model.classify(batch, bank);
      List<Optional<String>> nearest =
          answers.stream().map(answer -> nearest(metric(answer))).toList();
      bank.add(answers.stream().map(Answer::row).toList());
      List<Played> played = new ArrayList<>();
      for (int i = at; i < to; i++) {
        Answer answer = answers.get(i - at);
        played.add(new Played(images[i], answer, nearest.get(i - at)));
        if (random.nextDouble() < scenario.labelled()) {
          waiting.add(new Said(row(images[i], answer), i + scenario.late()));
        }
      }
      at = to;
      return played;
    }

    private LabelledRow row(int image, Answer answer) {
      return new LabelledRow(
          "image-" + image,
          name,
          Integer.toString(image),
          set.classes().get(set.labels()[image]),
          model.card().space(),
          metric(answer));
    }
  }

  private float[] metric(Answer answer) {
    return Arrays.copyOf(answer.row().values(), model.card().student().projection());
  }

  /** Metric vectors have length one. */
  private Optional<String> nearest(float[] metric) {
    double most = Double.NEGATIVE_INFINITY;
    Optional<String> label = Optional.empty();
    for (LabelledRow row : rows) {
      double closeness = 0;
      for (int k = 0; k < metric.length; k++) {
        closeness += metric[k] * row.metric()[k];
      }
      if (closeness > most) {
        most = closeness;
        label = Optional.of(row.label());
      }
    }
    return label;
  }

  /** Plays all of it. */
  List<Played> play(Stream stream) {
    List<Source> sources = new ArrayList<>();
    try {
      for (int[] images : stream.sources()) {
        sources.add(new Source(sources.size(), images));
      }
      List<Played> played = new ArrayList<>();
      for (int before = -1; before < played.size(); ) {
        before = played.size();
        for (Source source : sources) {
          if (source.at < source.images.length) {
            played.addAll(source.next());
          }
        }
      }
      return played;
    } finally {
      sources.forEach(source -> source.bank.close());
    }
  }
}
