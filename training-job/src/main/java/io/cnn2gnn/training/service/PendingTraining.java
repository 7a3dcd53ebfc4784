package io.cnn2gnn.training.service;

import io.cnn2gnn.training.topic.StreamRange;
import io.cnn2gnn.training.topic.TopicRange;
import java.util.List;

/**
 * A training that was begun, with all that makes it that one and no other.
 *
 * @param version what it makes
 * @param range the images that it learns from
 * @param labels the labels that it knows
 * @param classes those of the active model when it began, or none
 * @param trigger why it was begun, for people
 */
public record PendingTraining(
    String version, TopicRange range, TopicRange labels, List<String> classes, String trigger) {
  public PendingTraining {
    labels = known(labels);
    classes = List.copyOf(classes);
  }

  /** A file that was written before labels had a topic says nothing of it. */
  static TopicRange known(TopicRange labels) {
    return labels == null ? TopicRange.NONE : labels;
  }

  /** All that it learns from. */
  public StreamRange learnsFrom() {
    return new StreamRange(range, labels);
  }
}
