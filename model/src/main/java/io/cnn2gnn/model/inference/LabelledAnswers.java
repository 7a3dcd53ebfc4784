package io.cnn2gnn.model.inference;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.cnn2gnn.model.inference.Answer.Decision;
import io.cnn2gnn.model.inference.Answer.Neighbour;
import io.cnn2gnn.model.inference.Answer.Origin;
import io.cnn2gnn.model.inference.Answer.Score;
import io.cnn2gnn.model.label.LabelEvidence;
import io.cnn2gnn.model.label.LabelledRow;
import io.cnn2gnn.model.torch.TorchModule;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.IntStream;

/**
 * What labelled rows make of a batch's own answers. An image that is labelled itself, or nearly the
 * same as one that is, is answered by that label; any other gets the evidence of its neighbours.
 */
final class LabelledAnswers {
  /** How sure an image of a class that the model does not know is of being of none of its own. */
  private static final double UNKNOWN = 0.05;

  private final LabelEvidence evidence;
  private final int neighbours;
  private final LabelledMatrix tier;
  private final LabelledMatrix.Nearest nearest;

  /**
   * Of a batch.
   *
   * @param neighbours s
   * @param tier not empty
   * @param vectors metric vectors [b, projection] of the batch
   */
  LabelledAnswers(
      LabelEvidence evidence,
      int neighbours,
      LabelledMatrix tier,
      TorchModule module,
      NDManager scope,
      NDArray vectors,
      List<Query> batch) {
    this.evidence = evidence;
    this.neighbours = neighbours;
    this.tier = tier;
    this.nearest = tier.nearest(module, scope, vectors, batch);
  }

  /**
   * An image's answer.
   *
   * @param scores most probable first
   * @param neighbours labelled images that took part, heaviest first
   */
  record Told(Decision decidedBy, List<Score> scores, List<Neighbour> neighbours) {}

  /**
   * The answer of one image of the batch.
   *
   * @param own its scores without labels
   */
  Told tell(int image, Query query, List<Score> own) {
    Optional<LabelledRow> itself = tier.ofImage(query.image());
    if (itself.isPresent()) {
      return told(Decided.byLabel(itself.get()), own);
    }
    double[] d = distances(image);
    if (d.length > 0 && d[0] <= evidence.twin()) {
      return told(Decided.byTwin(row(image, 0)), own);
    }
    return weighed(image, d, own);
  }

  private LabelledRow row(int image, int place) {
    return tier.row((int) nearest.index()[image * nearest.k() + place]);
  }

  /** Ascending; without those of other sources, where these do not count. */
  private double[] distances(int image) {
    return IntStream.range(image * nearest.k(), (image + 1) * nearest.k())
        .mapToDouble(at -> nearest.distance()[at])
        .filter(d -> d <= 4)
        .toArray();
  }

  private static Told told(Decided decided, List<Score> own) {
    return new Told(decided.by(), decided.scores(own), List.of(decided.neighbour()));
  }

  private Told weighed(int image, double[] d, List<Score> own) {
    double[] p = evidence.weights(d, neighbours);
    if (Arrays.stream(p).noneMatch(weight -> weight > 0)) {
      return new Told(Decision.STUDENT, own, List.of());
    }
    Map<String, Integer> places = new LinkedHashMap<>();
    own.forEach(score -> places.put(score.label(), places.size()));
    int[] said = new int[p.length];
    for (int j = 0; j < p.length; j++) {
      // Where it has no weight its class must not become one of this image's.
      said[j] =
          p[j] > 0 ? places.computeIfAbsent(row(image, j).label(), label -> places.size()) : 0;
    }
    List<Neighbour> named = new ArrayList<>();
    for (int j = 0; j < p.length; j++) {
      if (p[j] > 0) {
        LabelledRow row = row(image, j);
        named.add(
            new Neighbour(
                row.imageId(),
                (float) p[j],
                row.label(),
                Origin.LABELLED,
                OptionalDouble.of(evidence.reliability(d[j], places.size())),
                OptionalDouble.empty()));
      }
    }
    return new Told(Decision.STUDENT, scores(own, places, said, d, p), named);
  }

  private List<Score> scores(
      List<Score> own, Map<String, Integer> places, int[] said, double[] d, double[] p) {
    int unknown = places.size() - own.size();
    double[] logits = new double[places.size()];
    double[] strengths = new double[places.size()];
    for (int c = 0; c < logits.length; c++) {
      boolean known = c < own.size();
      double prior =
          known ? (unknown > 0 ? 1 - UNKNOWN : 1) * own.get(c).probability() : UNKNOWN / unknown;
      logits[c] = Math.log(Math.max(Float.MIN_NORMAL, prior));
      // Of a class that it does not know the model has said nothing itself.
      strengths[c] = known ? evidence.strength() : Math.max(1, evidence.strength());
    }
    evidence.add(logits, said, d, p, strengths);
    double[] logs = LabelEvidence.logProbabilities(logits);
    List<Score> scores = new ArrayList<>(logs.length);
    places.forEach((label, c) -> scores.add(new Score(label, (float) Math.exp(logs[c]))));
    scores.sort(Comparator.comparingDouble(Score::probability).reversed());
    return scores;
  }
}
