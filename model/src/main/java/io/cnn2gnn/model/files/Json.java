package io.cnn2gnn.model.files;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import com.google.gson.JsonSerializer;
import java.util.Optional;

/**
 * Records as JSON for people to read: a component a key, in their order. What is absent has no key:
 * an empty {@link Optional}, and a number that JSON does not know, NaN or infinite. Such a number
 * in a list is left out of it.
 */
public final class Json {
  private static final Gson GSON =
      new GsonBuilder()
          .setPrettyPrinting()
          .disableHtmlEscaping()
          .serializeSpecialFloatingPointValues()
          .registerTypeAdapter(
              Optional.class,
              (JsonSerializer<Optional<?>>)
                  (value, type, context) ->
                      value.<JsonElement>map(context::serialize).orElse(JsonNull.INSTANCE))
          .create();

  private Json() {}

  /** The lines of a JSON file; the last one ends too. */
  public static String text(Object value) {
    return GSON.toJson(finite(GSON.toJsonTree(value))) + "\n";
  }

  /** A record or a map as a JSON object. */
  public static JsonObject object(Object value) {
    return finite(GSON.toJsonTree(value)).getAsJsonObject();
  }

  private static JsonElement finite(JsonElement value) {
    if (value instanceof JsonObject object) {
      JsonObject kept = new JsonObject();
      object
          .asMap()
          .forEach(
              (key, each) -> {
                if (isKnown(each)) {
                  kept.add(key, finite(each));
                }
              });
      return kept;
    }
    if (value instanceof JsonArray array) {
      JsonArray kept = new JsonArray();
      for (JsonElement each : array) {
        if (isKnown(each)) {
          kept.add(finite(each));
        }
      }
      return kept;
    }
    return value;
  }

  private static boolean isKnown(JsonElement value) {
    return !(value instanceof JsonPrimitive primitive
        && primitive.isNumber()
        && !Double.isFinite(primitive.getAsDouble()));
  }
}
