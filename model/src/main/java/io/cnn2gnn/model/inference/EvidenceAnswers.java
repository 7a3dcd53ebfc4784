package io.cnn2gnn.model.inference;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.cnn2gnn.model.bundle.ModelCard;
import io.cnn2gnn.model.inference.Answer.Decision;
import io.cnn2gnn.model.inference.Answer.Labels;
import io.cnn2gnn.model.inference.Answer.Neighbour;
import io.cnn2gnn.model.inference.Answer.Origin;
import io.cnn2gnn.model.inference.Answer.Score;
import io.cnn2gnn.model.inference.Answer.Without;
import io.cnn2gnn.model.label.LabelledRow;
import io.cnn2gnn.model.net.Head;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * What a student of {@link Head#EVIDENCE} makes of a batch. An image that somebody has labelled, or
 * that is nearly the same as one, is answered by that label.
 */
final class EvidenceAnswers {
  private static final int TIERS = 3;

  /** Those that may be left out, in the order of {@code left_out}. */
  private static final List<Origin> LEFT_OUT =
      List.of(Origin.LABELLED, Origin.PROTOTYPE, Origin.BANK, Origin.BATCH);

  /** Weight, reliability and evidence of each edge. */
  private static final int PARTS = 3;

  private final ModelCard card;
  private final double twin;

  /**
   * Of a model.
   *
   * @param twin squared distance at which, or nearer, two images are nearly the same
   */
  EvidenceAnswers(ModelCard card, double twin) {
    this.card = card;
    this.twin = twin;
  }

  /**
   * The arguments of {@code judge} behind those of the stem.
   *
   * @param known int64 [b], label + 1 or 0
   */
  static NDArray[] surroundings(
      NDManager scope, NDArray known, List<Query> batch, BankMatrix bank) {
    LabelledMatrix.Told told = bank.labelled().told(scope);
    BankMatrix.Heard heard = bank.heard(scope);
    long[] own = batch.stream().mapToLong(q -> LabelledMatrix.number(q.source())).toArray();
    return new NDArray[] {
      known,
      told.metrics(),
      told.said(),
      told.mistaken(),
      told.sources(),
      bank.shownMetrics(scope),
      bank.shownLabels(scope),
      heard.metrics(),
      heard.answers(),
      scope.create(own),
      heard.sources(),
      scope.zeros(new Shape(bank.labelled().fresh().size()))
    };
  }

  /** Reads what {@code serve} returned. */
  List<Answer> read(NDList out, List<Query> batch, BankMatrix bank) {
    int b = batch.size();
    float[] answers = out.get(0).toFloatArray();
    float[] alone = out.get(2).toFloatArray();
    float[] rows = out.get(3).toFloatArray();
    long[] index = out.get(4).toLongArray();
    float[] edges = out.get(5).toFloatArray();
    float[] distance = out.get(6).toFloatArray();
    long[] without = out.get(7).toLongArray();
    float[] sure = out.get(8).toFloatArray();
    List<String> classes = new ArrayList<>(card.classes());
    classes.addAll(bank.labelled().fresh());
    int count = classes.size();
    int known = card.classes().size();
    int length = card.student().rowLength();
    List<List<Score>> scores = new ArrayList<>();
    List<Optional<Decided>> decided = new ArrayList<>();
    String[] labels = new String[b];
    for (int i = 0; i < b; i++) {
      List<Score> own = scores(classes, Arrays.copyOfRange(answers, i * count, (i + 1) * count), i);
      Optional<Decided> told =
          decision(batch.get(i), distance[i * TIERS], bank, index, i, index.length / b);
      List<Score> all = told.map(by -> by.scores(own)).orElse(own);
      decided.add(told);
      scores.add(all);
      labels[i] = batch.get(i).label().orElse(all.get(0).label());
    }
    List<Answer> result = new ArrayList<>(b);
    for (int i = 0; i < b; i++) {
      Query query = batch.get(i);
      Score best = scores.get(i).get(0);
      float[] own = Arrays.copyOfRange(alone, i * known, (i + 1) * known);
      List<Neighbour> neighbours =
          decided.get(i).isPresent()
              ? List.of(decided.get(i).get().neighbour())
              : neighbours(i, b, index, edges, labels, batch, bank);
      result.add(
          new Answer(
              best.label(),
              best.probability(),
              scores.get(i),
              neighbours,
              Math.min(4, distance[i * TIERS + 1]),
              new BankRow(
                  query.id(),
                  labels[i],
                  query.label().isPresent(),
                  Arrays.copyOfRange(rows, i * length, (i + 1) * length),
                  query.image(),
                  query.source()),
              new Labels(
                  decided.get(i).map(Decided::by).orElse(Decision.STUDENT),
                  bank.labelled().epoch(),
                  scores(card.classes(), own, i).get(0)),
              without(neighbours, i, classes, without, sure)));
    }
    return result;
  }

  /** Without each tier that one of the neighbours is of. */
  private static List<Without> without(
      List<Neighbour> neighbours, int image, List<String> classes, long[] without, float[] sure) {
    List<Without> told = new ArrayList<>();
    for (int t = 0; t < LEFT_OUT.size(); t++) {
      Origin tier = LEFT_OUT.get(t);
      int at = image * LEFT_OUT.size() + t;
      if (neighbours.stream().anyMatch(n -> n.origin() == tier)) {
        told.add(new Without(tier, new Score(classes.get((int) without[at]), sure[at])));
      }
    }
    return told;
  }

  private Optional<Decided> decision(
      Query query, float nearest, BankMatrix bank, long[] index, int image, int width) {
    Optional<LabelledRow> itself = bank.labelled().ofImage(query.image());
    if (itself.isPresent()) {
      return itself.map(Decided::byLabel);
    }
    return bank.labelled().isEmpty() || nearest > twin
        ? Optional.empty()
        : Optional.of(Decided.byTwin(bank.labelled().row((int) index[image * width])));
  }

  private List<Neighbour> neighbours(
      int image,
      int b,
      long[] index,
      float[] edges,
      String[] labels,
      List<Query> batch,
      BankMatrix bank) {
    int width = index.length / b;
    int few = card.student().neighbours();
    int many = (width - few) / 2;
    List<Neighbour> found = new ArrayList<>();
    for (int k = 0; k < width; k++) {
      int at = image * width * PARTS + k;
      if (edges[at] > 0) {
        int row = (int) index[image * width + k];
        Named named =
            k < few
                ? told(bank.labelled().row(row))
                : k < few + many ? of(row, bank) : recent(row, labels, batch, bank);
        found.add(
            new Neighbour(
                named.imageId(),
                edges[at],
                named.label(),
                named.origin(),
                OptionalDouble.of(edges[at + width]),
                OptionalDouble.of(edges[at + 2 * width])));
      }
    }
    found.sort(Comparator.comparingDouble(n -> -Math.abs(n.evidence().orElseThrow())));
    return found;
  }

  private record Named(String imageId, String label, Origin origin) {}

  private static Named told(LabelledRow row) {
    return new Named(row.imageId(), row.label(), Origin.LABELLED);
  }

  private static Named of(int place, BankMatrix bank) {
    return new Named(bank.id(place), bank.label(place), bank.origin(place));
  }

  private static Named recent(int index, String[] labels, List<Query> batch, BankMatrix bank) {
    return index < batch.size()
        ? new Named(batch.get(index).id(), labels[index], Origin.BATCH)
        : of(bank.recent(index - batch.size()), bank);
  }

  private static List<Score> scores(List<String> classes, float[] logs, int image) {
    List<Score> scores = new ArrayList<>(logs.length);
    for (int c = 0; c < logs.length; c++) {
      if (!Float.isFinite(logs[c])) {
        throw new NonFiniteAnswerException(image);
      }
      scores.add(new Score(classes.get(c), (float) Math.exp(logs[c])));
    }
    scores.sort(Comparator.comparingDouble(Score::probability).reversed());
    return scores;
  }
}
