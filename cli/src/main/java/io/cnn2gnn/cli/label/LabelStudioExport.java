package io.cnn2gnn.cli.label;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import com.google.gson.Strictness;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import com.google.gson.stream.MalformedJsonException;
import io.cnn2gnn.cli.kit.CliException;
import io.cnn2gnn.schemas.avro.Label;
import java.io.EOFException;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Labels as Label Studio exports them as JSON: tasks with what people chose for them. */
final class LabelStudioExport {
  private static final String NO_EXPORT =
      "no JSON export of Label Studio (JSON, not JSON_MIN): an array of tasks";

  /**
   * Where a task's data names its image.
   *
   * @param source the field of the source
   * @param id the field of the image's id
   */
  record Fields(String source, String id) {}

  private final Fields fields;
  private final LabelDefaults defaults;
  private final Faults faults;
  private final List<LabelRequest> requests = new ArrayList<>();
  private int unlabelled;

  private LabelStudioExport(Fields fields, LabelDefaults defaults, Faults faults) {
    this.fields = fields;
    this.defaults = defaults;
    this.faults = faults;
  }

  /**
   * Reads a file, task by task.
   *
   * @param faults takes what is wrong with its tasks
   * @throws CliException if it is no such export
   */
  static LabelList read(Path file, Fields fields, LabelDefaults defaults, Faults faults)
      throws CliException {
    return TextFile.read(
        file,
        text -> {
          try {
            return parse(text, fields, defaults, faults);
          } catch (JsonParseException
              | IllegalStateException
              | MalformedJsonException
              | EOFException e) {
            throw new CliException("%s is %s; %s".formatted(file, NO_EXPORT, e.getMessage()), e);
          }
        });
  }

  /** As above; of text. */
  static LabelList parse(Reader text, Fields fields, LabelDefaults defaults, Faults faults)
      throws IOException {
    LabelStudioExport export = new LabelStudioExport(fields, defaults, faults);
    // Not closed here: whoever opened the text does that.
    JsonReader json = new JsonReader(text);
    json.setStrictness(Strictness.STRICT);
    json.beginArray();
    for (int number = 1; json.hasNext(); number++) {
      export.task(number, JsonParser.parseReader(json));
    }
    json.endArray();
    if (json.peek() != JsonToken.END_DOCUMENT) {
      throw new MalformedJsonException("something follows the array");
    }
    return new LabelList(export.requests, export.unlabelled);
  }

  private void task(int number, JsonElement element) {
    String where = "task number " + number;
    try {
      if (!(element instanceof JsonObject task)
          || !(task.get("annotations") instanceof JsonArray)) {
        throw new CliException("it is " + NO_EXPORT + " with their annotations");
      }
      where = text(task, "id").map(id -> "task " + id).orElse(where);
      Optional<JsonObject> annotation = last(task.getAsJsonArray("annotations"));
      if (annotation.isEmpty()) {
        unlabelled++;
        return;
      }
      JsonObject data = object(task, "data").orElseGet(JsonObject::new);
      String source = field(data, fields.source(), "--source-field");
      String id = field(data, fields.id(), "--id-field");
      requests.add(LabelRequest.of(where, source, label(id, annotation.get())));
    } catch (CliException e) {
      faults.add(where, e.getMessage());
    }
  }

  /** The newest that was not cancelled; of those of one time, or of none, the last. */
  private static Optional<JsonObject> last(JsonArray annotations) throws CliException {
    Optional<JsonObject> last = Optional.empty();
    Instant newest = Instant.MIN;
    for (JsonElement each : annotations) {
      if (each instanceof JsonObject annotation && !isCancelled(annotation)) {
        Instant at = createdAt(annotation).orElse(newest);
        if (!at.isBefore(newest)) {
          newest = at;
          last = Optional.of(annotation);
        }
      }
    }
    return last;
  }

  private static boolean isCancelled(JsonObject annotation) {
    return text(annotation, "was_cancelled").filter("true"::equals).isPresent();
  }

  private static Optional<Instant> createdAt(JsonObject annotation) throws CliException {
    Optional<String> text = text(annotation, "created_at");
    return text.isPresent()
        ? Optional.of(LabelTimes.parse("created_at", text.get()))
        : Optional.empty();
  }

  private Label label(String id, JsonObject annotation) throws CliException {
    Label.Builder label = defaults.label(id, Optional.of(choice(annotation)));
    completedBy(annotation).ifPresent(label::setLabelledBy);
    createdAt(annotation).ifPresent(label::setLabelledAt);
    return label.build();
  }

  private static String choice(JsonObject annotation) throws CliException {
    List<String> choices = new ArrayList<>();
    for (JsonElement each : array(annotation, "result")) {
      if (each instanceof JsonObject result
          && text(result, "type").filter("choices"::equals).isPresent()) {
        for (JsonElement choice :
            array(object(result, "value").orElseGet(JsonObject::new), "choices")) {
          choices.add(text(choice).orElse(""));
        }
      }
    }
    if (choices.isEmpty()) {
      throw new CliException("its annotation has no result of type choices");
    }
    if (choices.size() > 1) {
      throw new CliException(
          "its annotation has %d choices, an image has one class: %s"
              .formatted(choices.size(), String.join(", ", choices)));
    }
    return choices.get(0);
  }

  /** By email; an export that does not name people has their numbers alone. */
  private static Optional<String> completedBy(JsonObject annotation) {
    Optional<JsonObject> person = object(annotation, "completed_by");
    return person.isPresent()
        ? text(person.get(), "email")
            .or(() -> text(person.get(), "id").map(LabelStudioExport::user))
        : text(annotation, "completed_by").map(LabelStudioExport::user);
  }

  private static String user(String number) {
    return "label-studio user " + number;
  }

  private static String field(JsonObject data, String name, String option) throws CliException {
    return text(data, name)
        .orElseThrow(
            () ->
                new CliException(
                    "its data has no field '%s': %s says which one it is".formatted(name, option)));
  }

  private static Optional<JsonObject> object(JsonObject in, String name) {
    return in.get(name) instanceof JsonObject object ? Optional.of(object) : Optional.empty();
  }

  private static JsonArray array(JsonObject in, String name) {
    return in.get(name) instanceof JsonArray array ? array : new JsonArray();
  }

  private static Optional<String> text(JsonObject in, String name) {
    return in.has(name) ? text(in.get(name)) : Optional.empty();
  }

  private static Optional<String> text(JsonElement element) {
    return element.isJsonPrimitive()
        ? Optional.of(element.getAsString()).filter(text -> !text.isEmpty())
        : Optional.empty();
  }
}
