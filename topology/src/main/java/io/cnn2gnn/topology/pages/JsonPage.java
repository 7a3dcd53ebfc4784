package io.cnn2gnn.topology.pages;

import com.google.gson.JsonObject;
import io.cnn2gnn.model.files.Json;
import java.util.Map;

/** Answers a GET with JSON. */
public interface JsonPage {
  /** A status and a body. */
  record Reply(int status, JsonObject body) {
    /** A reply whose body is a record, as {@link Json} writes it. */
    static Reply of(int status, Record body) {
      return new Reply(status, Json.object(body));
    }

    /** A reply that is a message. */
    public static Reply message(int status, String message) {
      return of(status, new Message(message));
    }

    private record Message(String message) {}
  }

  /**
   * Answers.
   *
   * @param query the request's parameters, decoded; of one that comes twice the first
   */
  Reply get(Map<String, String> query);
}
