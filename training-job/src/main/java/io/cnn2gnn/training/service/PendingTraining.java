package io.cnn2gnn.training.service;

import io.cnn2gnn.training.topic.TopicRange;
import java.util.List;

/**
 * A training that was begun, with all that makes it that one and no other.
 *
 * @param version what it makes
 * @param range what it learns from
 * @param classes those of the active model when it began, or none
 * @param trigger why it was begun, for people
 */
public record PendingTraining(
    String version, TopicRange range, List<String> classes, String trigger) {
  public PendingTraining {
    classes = List.copyOf(classes);
  }
}
