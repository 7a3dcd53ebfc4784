package io.cnn2gnn.topology.pages;

import com.google.gson.JsonObject;
import java.util.Map;

/** Answers a GET with JSON. */
public interface JsonPage {
  /** A status and a body. */
  record Reply(int status, JsonObject body) {
    /** A reply that is a message. */
    public static Reply message(int status, String message) {
      JsonObject body = new JsonObject();
      body.addProperty("message", message);
      return new Reply(status, body);
    }
  }

  /**
   * Answers.
   *
   * @param query the request's parameters, decoded; of one that comes twice the first
   */
  Reply get(Map<String, String> query);
}
