package io.cnn2gnn.page;

import com.google.gson.JsonParseException;
import io.cnn2gnn.intake.RecordRefusedException;
import io.cnn2gnn.model.bundle.Thumbnails;
import io.cnn2gnn.page.Labeller.LabelException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** What the page answers to what a browser asks, apart from how it is carried. */
final class Answers {
  private static final int MOST_CARDS = 120;

  /** Labels of a request: a browser that has more sends them in pieces. */
  private static final int MOST_LABELS = 200;

  /** Who labels and does not say who it is. */
  private static final String NOBODY = "page";

  private final Gallery gallery;
  private final Prototypes prototypes;
  private final Labeller labeller;
  private final Gate gate;

  Answers(Gallery gallery, Prototypes prototypes, Labeller labeller, Gate gate) {
    this.gallery = gallery;
    this.prototypes = prototypes;
    this.labeller = labeller;
    this.gate = gate;
  }

  /** Classes that are known, and what may be done. */
  Reply setting() {
    TreeSet<String> classes = new TreeSet<>(prototypes.classes());
    classes.addAll(gallery.classes());
    return Reply.json(
        200,
        new Views.Setting(
            classes.stream().map(Views.Named::of).toList(),
            rights(gate::isOpen),
            gate.closed(),
            rights(gate::asksForToken),
            gate.namesUsers(),
            MOST_LABELS,
            Thumbnails.SIDE,
            Thumbnails.COLUMNS));
  }

  private static List<String> rights(Predicate<Gate.Right> which) {
    return Stream.of(Gate.Right.values()).filter(which).map(Gate.Right::word).toList();
  }

  /** The newest answers of a kind. */
  Reply answers(Map<String, String> query) {
    return Reply.json(
        200, gallery.latest(kind(query), MOST_CARDS).stream().map(Views.Card::of).toList());
  }

  static Predicate<Shown> kind(Map<String, String> query) {
    String source = query.getOrDefault("source", "");
    String label = query.getOrDefault("label", "");
    boolean changed = query.containsKey("changed");
    float below = below(query.getOrDefault("below", ""));
    return answer ->
        (source.isEmpty() || Views.sourceOf(answer).equals(source))
            && (label.isEmpty() || answer.prediction().getLabel().equals(label))
            && (!changed || answer.isChanged())
            && answer.confidence() <= below;
  }

  private static float below(String text) {
    try {
      return text.isEmpty() ? 1 : Float.parseFloat(text);
    } catch (NumberFormatException e) {
      return 1;
    }
  }

  /** The newest refusals. */
  Reply refused() {
    return Reply.json(
        200, gallery.refused(Gallery.MOST_REFUSED).stream().map(Views.Refusal::of).toList());
  }

  /** What was told of models. */
  Reply models() {
    return Reply.json(
        200, gallery.models(Gallery.MOST_MODELS).stream().map(Views.Model::of).toList());
  }

  /** One answer. */
  Reply answer(Map<String, String> query) {
    Optional<Shown> answer = Place.parse(query.getOrDefault("at", "")).flatMap(gallery::at);
    return answer
        .map(a -> Reply.json(200, Views.Detail.of(a, gallery, prototypes.places())))
        .orElseGet(() -> Reply.problem(404, "this answer is no longer among the last ones"));
  }

  /**
   * What a browser sends to label images.
   *
   * @param by who says so, where no proxy does
   */
  private record Request(List<String> at, String label, String by) {}

  /**
   * Which labels were written, and what was wrong with others.
   *
   * @param gone images that are no longer among the last ones
   * @param problem all of that in words, where none was written
   */
  private record Labelled(
      List<String> at,
      int gone,
      List<String> problems,
      Optional<String> problem,
      Optional<Views.Named> label) {}

  /**
   * Labels images, or takes labels back where none is given.
   *
   * @param user whom a proxy has named
   */
  Reply label(String body, Optional<String> user) throws InterruptedException {
    Request request;
    try {
      request = Json.GSON.fromJson(body, Request.class);
    } catch (JsonParseException e) {
      return Reply.problem(400, "the request is no JSON");
    }
    if (request == null || request.at() == null || request.at().isEmpty()) {
      return Reply.problem(400, "no image is named");
    }
    if (request.at().size() > MOST_LABELS) {
      return Reply.problem(400, "at most " + MOST_LABELS + " images at once");
    }
    Optional<String> label = Optional.ofNullable(request.label());
    String by = user.orElse(request.by() == null || request.by().isBlank() ? NOBODY : request.by());
    List<String> said = new ArrayList<>();
    int gone = 0;
    List<String> problems = new ArrayList<>();
    for (String at : request.at()) {
      Optional<Shown> answer = Place.parse(String.valueOf(at)).flatMap(gallery::at);
      if (answer.isEmpty()) {
        gone++;
        continue;
      }
      try {
        labeller.say(answer.get(), label, by);
        said.add(at);
      } catch (RecordRefusedException e) {
        return Reply.problem(400, e.getMessage());
      } catch (LabelException e) {
        // The next one would wait as long, in vain.
        problems.add(e.getMessage());
        break;
      }
    }
    Optional<String> problem =
        said.isEmpty()
            ? Optional.of(
                problems.isEmpty()
                    ? "%d of %d are no longer among the last images"
                        .formatted(gone, request.at().size())
                    : String.join("; ", problems))
            : Optional.empty();
    return Reply.json(
        said.isEmpty() ? 503 : 200,
        new Labelled(said, gone, problems, problem, label.map(Views.Named::of)));
  }
}
