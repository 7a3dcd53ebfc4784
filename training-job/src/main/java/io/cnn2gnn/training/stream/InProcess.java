package io.cnn2gnn.training.stream;

import io.cnn2gnn.model.inference.Answer;
import io.cnn2gnn.model.inference.BankMatrix;
import io.cnn2gnn.model.inference.BankRow;
import io.cnn2gnn.model.inference.Query;
import io.cnn2gnn.model.inference.StudentModel;
import io.cnn2gnn.model.label.LabelledRow;
import io.cnn2gnn.model.label.LabelledRows;
import io.cnn2gnn.training.data.ImageSet;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A model in this process that answers a stream as the service would. */
final class InProcess implements Answering {
  private final StudentModel model;
  private final ImageSet set;
  private final int batch;
  private final Map<Integer, Recent> recent = new HashMap<>();
  private final Map<Integer, StudentModel.Embedded> embedded = new HashMap<>();
  private final List<LabelledRow> rows = new ArrayList<>();
  private long epoch;

  /** The recent rows of a source, by their places in the ring. */
  private static final class Recent {
    private final BankMatrix matrix;
    private final BankRow[] ring = new BankRow[REMEMBERED];
    private final Map<String, Integer> places = new HashMap<>();
    private int next;

    Recent(StudentModel model) {
      this.matrix = model.newBank(REMEMBERED);
    }

    void add(List<BankRow> rows) {
      matrix.add(rows);
      for (BankRow row : rows) {
        ring[next] = row;
        places.put(row.imageId(), next);
        next = (next + 1) % REMEMBERED;
      }
    }

    /** No row says of an image what somebody has corrected. */
    void relabel(Said said) {
      String image = Integer.toString(said.image());
      int place = places.get(image);
      if (ring[place].imageId().equals(image)) {
        ring[place] = ring[place].with(said.label(), true);
        matrix.relabel(place, ring[place]);
      }
    }
  }

  /**
   * Begins with empty banks.
   *
   * @param model left open
   */
  InProcess(StudentModel model, ImageSet set, int batch) {
    this.model = model;
    this.set = set;
    this.batch = batch;
  }

  @Override
  public List<Reply> answer(List<Turn> turns) {
    List<Reply> replies = new ArrayList<>();
    for (Turn turn : turns) {
      Recent bank = recent.computeIfAbsent(turn.source(), source -> new Recent(model));
      bank.matrix.teach(new LabelledRows(rows, epoch), false);
      for (int from = 0; from < turn.images().size(); from += batch) {
        int to = Math.min(turn.images().size(), from + batch);
        replies.addAll(answer(turn.source(), turn.images().subList(from, to), bank));
      }
    }
    return replies;
  }

  private List<Reply> answer(int source, List<Integer> images, Recent bank) {
    List<Query> queries =
        images.stream()
            .map(
                image ->
                    new Query(
                        Integer.toString(image),
                        set.samples(image, image + 1),
                        Optional.empty(),
                        name(image),
                        sourceName(source)))
            .toList();
    List<Answer> answers = model.classify(queries, bank.matrix);
    bank.add(answers.stream().map(Answer::row).toList());
    List<Reply> replies = new ArrayList<>();
    for (int i = 0; i < images.size(); i++) {
      Answer answer = answers.get(i);
      float[] metric = Arrays.copyOf(answer.row().values(), model.card().student().projection());
      embedded.put(
          images.get(i),
          new StudentModel.Embedded(metric, Optional.of(answer.labels().without().label())));
      replies.add(
          new Reply(
              answer.label(),
              answer.confidence(),
              answer.labels().without(),
              answer.scores(),
              nearest(metric),
              images.size()));
    }
    return replies;
  }

  private static String name(int image) {
    return "image-" + image;
  }

  /** Its first digits are a number, by which rows tell sources apart. */
  private static String sourceName(int source) {
    return "%015x".formatted(source + 1);
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

  @Override
  public void label(List<Said> said) {
    for (Said one : said) {
      StudentModel.Embedded image = embedded.get(one.image());
      rows.add(
          new LabelledRow(
              name(one.image()),
              sourceName(one.source()),
              Integer.toString(one.image()),
              one.label(),
              model.card().space(),
              image.metric(),
              LabelledRow.Own.of(image.own().orElseThrow(), one.label())));
      recent.get(one.source()).relabel(one);
      epoch++;
    }
  }

  @Override
  public void close() {
    recent.values().forEach(bank -> bank.matrix.close());
  }
}
