package io.cnn2gnn.intake;

import java.time.Instant;
import java.util.Optional;

/**
 * A record of the labels topic that is what it should be.
 *
 * @param imageId of the image that it is about; its source is the record's key
 * @param label the class; empty takes back what the labeller has said of the image
 * @param labelledBy who says it
 * @param labelledAt when it was said
 * @param kind why it is said
 * @param image where the image's record is, if the labeller knows
 */
public record LabelRecord(
    String imageId,
    Optional<String> label,
    String labelledBy,
    Instant labelledAt,
    Kind kind,
    Optional<Coordinates> image) {
  /** Why a label is said. */
  public enum Kind {
    /** The class became known: answers are measured by it, and learned from. */
    TRUTH,
    /** A wrong answer was seen: it is learned from alone. */
    CORRECTION
  }

  /** Where a record is. */
  public record Coordinates(String topic, int partition, long offset) {
    @Override
    public String toString() {
      return topic + "-" + partition + "@" + offset;
    }
  }
}
