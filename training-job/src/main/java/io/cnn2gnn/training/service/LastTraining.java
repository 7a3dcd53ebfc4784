package io.cnn2gnn.training.service;

import io.cnn2gnn.training.topic.TopicRange;
import java.time.Instant;

/**
 * The training that ended last.
 *
 * @param version what it made
 * @param range the images that it learned from
 * @param labels the labels that it knew
 * @param end when it ended, as ISO-8601 text
 */
public record LastTraining(String version, TopicRange range, TopicRange labels, String end) {
  public LastTraining {
    labels = PendingTraining.known(labels);
  }

  /** When it ended. */
  public Instant ended() {
    return Instant.parse(end);
  }
}
