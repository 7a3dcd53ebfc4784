package io.cnn2gnn.training.service;

import io.cnn2gnn.training.topic.TopicRange;
import java.time.Instant;

/**
 * The training that ended last.
 *
 * @param version what it made
 * @param range what it learned from
 * @param end when it ended, as ISO-8601 text
 */
public record LastTraining(String version, TopicRange range, String end) {
  /** When it ended. */
  public Instant ended() {
    return Instant.parse(end);
  }
}
