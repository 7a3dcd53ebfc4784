package io.cnn2gnn.topology.flow;

/** The user topics. */
public record TopicNames(
    String images, String predictions, String deadLetters, String models, String modelEvents) {
  /** The names of the documentation. */
  public static final TopicNames DEFAULT =
      new TopicNames("images", "predictions", "images.dead-letter", "models", "models.events");
}
