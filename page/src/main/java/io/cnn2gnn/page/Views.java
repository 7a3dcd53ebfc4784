package io.cnn2gnn.page;

import io.cnn2gnn.schemas.Printable;
import io.cnn2gnn.schemas.avro.AnswerSource;
import io.cnn2gnn.schemas.avro.LabelOutcome;
import io.cnn2gnn.schemas.avro.ModelEvent;
import io.cnn2gnn.schemas.avro.Neighbour;
import io.cnn2gnn.schemas.avro.NeighbourTier;
import io.cnn2gnn.schemas.avro.Prediction;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * What a browser is told, as it is written in JSON. Ids, labels and sources are somebody's text:
 * what does not print is shown as escapes, and the browser shows all of it as text.
 */
final class Views {
  private static final int MOST_NAME = 200;

  private Views() {}

  /** An answer in a list. */
  record Card(
      long number,
      String place,
      String image,
      String source,
      String label,
      float confidence,
      Optional<String> alone,
      String decidedBy) {
    static Card of(Shown answer) {
      Prediction p = answer.prediction();
      return new Card(
          answer.number(),
          answer.place().map(Place::toString).orElse(""),
          Printable.of(p.getImageId()),
          sourceOf(answer),
          Printable.of(p.getLabel()),
          Float.isFinite(p.getConfidence()) ? p.getConfidence() : 0,
          answer.isChanged()
              ? Optional.of(Printable.of(p.getAlone().getLabel()))
              : Optional.empty(),
          name(p.getDecidedBy()));
    }
  }

  /** An image that got none. */
  record Refusal(
      long number, String place, String image, String source, String reason, String message) {
    static Refusal of(Refused letter) {
      return new Refusal(
          letter.number(),
          letter.place().map(Place::toString).orElse(""),
          Printable.of(letter.image()),
          Printable.of(cut(letter.source())),
          Printable.of(letter.reason()),
          Printable.of(letter.message()));
    }
  }

  /** A class and how probable it is. */
  record Chance(String label, float score) {}

  /**
   * A neighbour.
   *
   * @param evidence by how much it raised the logarithm of the label's probability, if it says so
   * @param place of its picture, if that is among the last images
   * @param prototype its place in the bundle's pictures, if it has one there
   */
  record Edge(
      String image,
      Optional<String> label,
      String tier,
      float weight,
      Optional<Float> reliability,
      Optional<Float> evidence,
      String place,
      Optional<Integer> prototype) {}

  /** An answer by itself, with what it rests on. */
  record Detail(
      Card card,
      List<Chance> scores,
      Optional<Chance> alone,
      String model,
      int batch,
      String capturedAt,
      String predictedAt,
      List<Edge> neighbours) {
    static Detail of(Shown answer, Gallery gallery, Map<String, Integer> prototypes) {
      Prediction p = answer.prediction();
      return new Detail(
          Card.of(answer),
          p.getScores().stream()
              .map(s -> new Chance(Printable.of(s.getLabel()), s.getScore()))
              .toList(),
          Optional.ofNullable(p.getAlone())
              .map(s -> new Chance(Printable.of(s.getLabel()), s.getScore())),
          Printable.of(p.getModelVersion()),
          p.getBatchSize(),
          p.getCapturedAt().toString(),
          p.getPredictedAt().toString(),
          p.getNeighbours().stream().map(n -> edge(n, gallery, prototypes)).toList());
    }
  }

  private static Edge edge(Neighbour n, Gallery gallery, Map<String, Integer> prototypes) {
    boolean isPrototype = n.getTier() == NeighbourTier.PROTOTYPE;
    Enum<?> tier = n.getTier() == NeighbourTier.OTHER ? n.getOrigin() : n.getTier();
    return new Edge(
        Printable.of(n.getImageId()),
        Optional.ofNullable(n.getLabel()).map(Printable::of),
        name(tier),
        n.getWeight(),
        Optional.ofNullable(n.getReliability()),
        Optional.ofNullable(n.getEvidence()),
        isPrototype
            ? ""
            : gallery.ofImage(n.getImageId()).flatMap(Shown::place).map(Place::toString).orElse(""),
        isPrototype ? Optional.ofNullable(prototypes.get(n.getImageId())) : Optional.empty());
  }

  /** What became of a label. */
  record Told(String image, Optional<String> label, String result, String message) {
    static Told of(LabelOutcome outcome) {
      return new Told(
          Printable.of(outcome.getImageId()),
          Optional.ofNullable(outcome.getLabel()).map(Printable::of),
          name(outcome.getResult()),
          Printable.of(outcome.getMessage()));
    }
  }

  /** What a service has told of a model: that it answers, failed, was tried, or has drifted. */
  record Model(long number, String model, String kind, String message, String at) {
    static Model of(ModelNews news) {
      ModelEvent event = news.event();
      return new Model(
          news.number(),
          Printable.of(event.getName() + ":" + event.getVersion()),
          name(event.getKind()),
          Printable.of(event.getMessage()),
          event.getAt().toString());
    }
  }

  /** What is new since the last one. */
  record Tick(
      List<Card> answers,
      List<Refusal> refused,
      List<Model> models,
      List<Told> told,
      Tally.Figures tally,
      Optional<String> away) {}

  /** What a browser has to know before it shows anything. */
  record Setting(
      List<String> classes, boolean mayLabel, boolean asksForToken, int side, int columns) {}

  private static String sourceOf(Shown answer) {
    return answer
        .key()
        .map(key -> Printable.of(cut(new String(key, StandardCharsets.UTF_8))))
        .orElse("");
  }

  /** A name fits a line; what does not is no name. */
  private static String cut(String text) {
    return text.length() <= MOST_NAME ? text : text.substring(0, MOST_NAME);
  }

  private static String name(Enum<?> value) {
    return value == AnswerSource.STUDENT ? "" : value.name().toLowerCase(Locale.ROOT);
  }
}
