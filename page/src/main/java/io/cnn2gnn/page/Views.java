package io.cnn2gnn.page;

import io.cnn2gnn.schemas.Printable;
import io.cnn2gnn.schemas.avro.AnswerSource;
import io.cnn2gnn.schemas.avro.LabelOutcome;
import io.cnn2gnn.schemas.avro.ModelEvent;
import io.cnn2gnn.schemas.avro.Neighbour;
import io.cnn2gnn.schemas.avro.NeighbourTier;
import io.cnn2gnn.schemas.avro.Prediction;
import io.cnn2gnn.schemas.avro.Score;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * What a browser is told, as it is written in JSON. Ids, labels and sources are somebody's text:
 * what does not print is shown as escapes, and the browser shows all of it as text. A class or a
 * source that is shown so is told as it is, too: a browser gives it back to label and to choose by.
 */
final class Views {
  private static final int MOST_NAME = 200;

  private Views() {}

  /** Text as it is, where it is shown otherwise. */
  private static Optional<String> raw(String text, String shown) {
    return text.equals(shown) ? Optional.empty() : Optional.of(text);
  }

  /** A class by its name. */
  record Named(String label, Optional<String> rawLabel) {
    static Named of(String name) {
      String shown = Printable.of(name);
      return new Named(shown, raw(name, shown));
    }
  }

  /** An answer in a list. */
  record Card(
      long number,
      String place,
      String image,
      String source,
      Optional<String> rawSource,
      String label,
      Optional<String> rawLabel,
      float confidence,
      Optional<String> alone,
      String decidedBy) {
    static Card of(Shown answer) {
      Prediction p = answer.prediction();
      String source = sourceOf(answer);
      String shown = Printable.of(source);
      Named label = Named.of(p.getLabel());
      return new Card(
          answer.number(),
          answer.place().map(Place::toString).orElse(""),
          Printable.of(p.getImageId()),
          shown,
          raw(source, shown),
          label.label(),
          label.rawLabel(),
          answer.confidence(),
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
  record Chance(String label, Optional<String> rawLabel, float score) {
    static Chance of(Score score) {
      Named name = Named.of(score.getLabel());
      return new Chance(name.label(), name.rawLabel(), score.getScore());
    }
  }

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
      List<Tiers.Tier> tiers,
      List<Edge> neighbours) {
    static Detail of(Shown answer, Gallery gallery, Map<String, Integer> prototypes) {
      Prediction p = answer.prediction();
      return new Detail(
          Card.of(answer),
          p.getScores().stream().map(Chance::of).toList(),
          Optional.ofNullable(p.getAlone()).map(Chance::of),
          Printable.of(p.getModelVersion()),
          p.getBatchSize(),
          p.getCapturedAt().toString(),
          p.getPredictedAt().toString(),
          Tiers.of(p),
          p.getNeighbours().stream().map(n -> edge(n, gallery, prototypes)).toList());
    }
  }

  private static Edge edge(Neighbour n, Gallery gallery, Map<String, Integer> prototypes) {
    boolean isPrototype = n.getTier() == NeighbourTier.PROTOTYPE;
    return new Edge(
        Printable.of(n.getImageId()),
        Optional.ofNullable(n.getLabel()).map(Printable::of),
        Tiers.name(n),
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

  /**
   * What a browser has to know before it shows anything.
   *
   * @param may what somebody may be let do here
   * @param mayNot why nobody may do the rest
   * @param tokens for which of that a token is asked for
   * @param mostLabels of one request
   */
  record Setting(
      List<Named> classes,
      List<String> may,
      Map<String, String> mayNot,
      List<String> tokens,
      boolean namesUsers,
      int mostLabels,
      int side,
      int columns) {}

  /** Where an image comes from; no more of it than fits a line. */
  static String sourceOf(Shown answer) {
    return answer.key().map(key -> cut(new String(key, StandardCharsets.UTF_8))).orElse("");
  }

  /** A name fits a line; what does not is no name. */
  private static String cut(String text) {
    return text.length() <= MOST_NAME ? text : text.substring(0, MOST_NAME);
  }

  private static String name(Enum<?> value) {
    return value == AnswerSource.STUDENT ? "" : value.name().toLowerCase(Locale.ROOT);
  }
}
