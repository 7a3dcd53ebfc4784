package io.cnn2gnn.page;

import com.google.gson.Gson;
import com.google.gson.JsonParseException;
import com.google.gson.TypeAdapter;
import com.google.gson.TypeAdapterFactory;
import com.google.gson.reflect.TypeToken;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonWriter;
import io.cnn2gnn.intake.RecordRefusedException;
import io.cnn2gnn.model.bundle.Thumbnails;
import io.cnn2gnn.page.Labeller.LabelException;
import io.cnn2gnn.schemas.Printable;
import java.io.IOException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Predicate;

/** What the page answers to what a browser asks, apart from how it is carried. */
final class Answers {
  private static final int MOST_CARDS = 120;

  /** Labels of a request: as many as can be chosen on a screen. */
  private static final int MOST_LABELS = 200;

  static final Gson GSON =
      new com.google.gson.GsonBuilder()
          .disableHtmlEscaping()
          .registerTypeAdapterFactory(new OptionalAdapters())
          .create();

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

  /** An answer. */
  record Reply(int status, String type, byte[] body) {
    static Reply json(int status, Object value) {
      return new Reply(
          status, "application/json", GSON.toJson(value).getBytes(StandardCharsets.UTF_8));
    }

    static Reply problem(int status, String message) {
      return json(status, Map.of("problem", message));
    }
  }

  /** Classes that are known, and what may be done. */
  Reply setting() {
    TreeSet<String> classes = new TreeSet<>(prototypes.classes());
    gallery.classes().forEach(name -> classes.add(Printable.of(name)));
    return Reply.json(
        200,
        new Views.Setting(
            List.copyOf(classes),
            gate.isOpen(),
            gate.asksForToken(),
            Thumbnails.SIDE,
            Thumbnails.COLUMNS));
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
    return answer -> {
      Views.Card card = Views.Card.of(answer);
      return (source.isEmpty() || card.source().equals(source))
          && (label.isEmpty() || card.label().equals(label))
          && (!changed || answer.isChanged())
          && card.confidence() <= below;
    };
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

  /** What a browser sends to label images. */
  private record Request(List<String> at, String label) {}

  /** Which labels were written, and what was wrong with others. */
  private record Labelled(List<String> at, List<String> problems) {}

  /** Labels images, or takes labels back where none is given. */
  Reply label(String body, String by) throws InterruptedException {
    Request request;
    try {
      request = GSON.fromJson(body, Request.class);
    } catch (JsonParseException e) {
      return Reply.problem(400, "the request is no JSON");
    }
    if (request == null || request.at() == null || request.at().isEmpty()) {
      return Reply.problem(400, "no image is named");
    }
    if (request.at().size() > MOST_LABELS) {
      return Reply.problem(400, "at most " + MOST_LABELS + " images at once");
    }
    List<String> said = new ArrayList<>();
    List<String> problems = new ArrayList<>();
    for (String at : request.at()) {
      Optional<Shown> answer = Place.parse(String.valueOf(at)).flatMap(gallery::at);
      if (answer.isEmpty()) {
        problems.add(at + " is no longer among the last images");
        continue;
      }
      try {
        labeller.say(answer.get(), Optional.ofNullable(request.label()), by);
        said.add(at);
      } catch (RecordRefusedException e) {
        return Reply.problem(400, e.getMessage());
      } catch (LabelException e) {
        // The next one would wait as long, in vain.
        problems.add(e.getMessage());
        break;
      }
    }
    return said.isEmpty()
        ? Reply.problem(503, String.join("; ", problems))
        : Reply.json(200, new Labelled(said, problems));
  }

  /** Gson knows no Optional: one that is empty is left out. */
  private static final class OptionalAdapters implements TypeAdapterFactory {
    @Override
    @SuppressWarnings("unchecked")
    public <T> TypeAdapter<T> create(Gson gson, TypeToken<T> type) {
      if (type.getRawType() != Optional.class) {
        return null;
      }
      Type inner = ((ParameterizedType) type.getType()).getActualTypeArguments()[0];
      TypeAdapter<Object> values = (TypeAdapter<Object>) gson.getAdapter(TypeToken.get(inner));
      return (TypeAdapter<T>)
          new TypeAdapter<Optional<Object>>() {
            @Override
            public void write(JsonWriter out, Optional<Object> value) throws IOException {
              if (value.isPresent()) {
                values.write(out, value.get());
              } else {
                out.nullValue();
              }
            }

            @Override
            public Optional<Object> read(JsonReader in) throws IOException {
              return Optional.ofNullable(values.read(in));
            }
          };
    }
  }
}
