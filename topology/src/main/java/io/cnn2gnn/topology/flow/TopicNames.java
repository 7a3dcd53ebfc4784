package io.cnn2gnn.topology.flow;

/**
 * The user topics.
 *
 * @param images come from it
 * @param predictions go to it
 * @param deadLetters what can never be an image or a label
 * @param labels what people say of images comes from it
 * @param labelOutcomes what became of that
 * @param models releases come from it
 * @param modelEvents what became of releases, and drift
 */
public record TopicNames(
    String images,
    String predictions,
    String deadLetters,
    String labels,
    String labelOutcomes,
    String models,
    String modelEvents) {
  /** The topic of the dead letters of an images topic, where nobody says another. */
  public static String deadLettersOf(String images) {
    return images + ".dead-letter";
  }

  /** The labels topic of an images topic, where nobody says another. */
  public static String labelsOf(String images) {
    return images.equals("images") ? "labels" : images + ".labels";
  }

  /** The topic of the outcomes of a labels topic, where nobody says another. */
  public static String outcomesOf(String labels) {
    return labels + ".outcomes";
  }

  /** The topic of an application's labelled tier, which every instance follows. */
  public static String labelled(String applicationId) {
    return applicationId + "-labelled";
  }

  /** The names of the documentation. */
  public static final TopicNames DEFAULT =
      new TopicNames(
          "images",
          "predictions",
          "images.dead-letter",
          "labels",
          "labels.outcomes",
          "models",
          "models.events");
}
