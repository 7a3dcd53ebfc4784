package io.cnn2gnn.topology.flow;

/**
 * Why an image is a dead letter.
 *
 * @param stage which processor gave up on it
 * @param reason a stable upper-case code
 * @param message for a person
 */
public record Rejection(Stage stage, String reason, String message) {
  /** The processors that reject. */
  public enum Stage {
    DECODE,
    BATCH,
    CLASSIFY
  }
}
