package io.cnn2gnn.page;

import java.nio.charset.StandardCharsets;
import java.util.Map;

/** An answer to what a browser asks. */
record Reply(int status, String type, byte[] body) {
  private static final String TEXT = "text/plain; charset=utf-8";

  static Reply json(int status, Object value) {
    return new Reply(
        status, "application/json", Json.GSON.toJson(value).getBytes(StandardCharsets.UTF_8));
  }

  static Reply problem(int status, String message) {
    return json(status, Map.of("problem", message));
  }

  static Reply text(int status, String line) {
    return new Reply(status, TEXT, (line + "\n").getBytes(StandardCharsets.UTF_8));
  }
}
