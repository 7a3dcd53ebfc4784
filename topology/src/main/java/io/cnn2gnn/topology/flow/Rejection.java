package io.cnn2gnn.topology.flow;

import java.util.Optional;

/**
 * Why an image is a dead letter.
 *
 * @param stage which processor gave up on it
 * @param reason a stable upper-case code
 * @param message for a person
 * @param imageId of the image, if the record could be read as far as that
 */
public record Rejection(Stage stage, String reason, String message, Optional<String> imageId) {
  /** The processors that reject. */
  public enum Stage {
    DECODE,
    BATCH,
    CLASSIFY,
    LABEL
  }

  /** Of a record that was not read. */
  public Rejection(Stage stage, String reason, String message) {
    this(stage, reason, message, Optional.empty());
  }
}
