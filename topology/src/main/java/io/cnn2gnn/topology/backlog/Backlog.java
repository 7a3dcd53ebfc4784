package io.cnn2gnn.topology.backlog;

import io.cnn2gnn.topology.flow.Timestamps;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * The images of a partition that have neither a prediction nor a dead letter yet.
 *
 * @param partition of the images topic
 * @param images how many; where their producers use transactions, or the topic has gaps of another
 *     kind behind the first of them, at most so many
 * @param oldest the timestamp of the first one's record; empty if there is none, or it has no time
 */
public record Backlog(int partition, long images, Optional<Instant> oldest) {
  /**
   * How old the first of them is, by its record's timestamp; zero if all images are answered.
   *
   * @return empty if that is not known, or can be no time
   */
  public Optional<Duration> age(Instant now) {
    if (images == 0) {
      return Optional.of(Duration.ZERO);
    }
    // The clock of who sent it may be ahead.
    return oldest
        .filter(since -> Timestamps.isTime(since.toEpochMilli(), now.toEpochMilli()))
        .map(since -> since.isAfter(now) ? Duration.ZERO : Duration.between(since, now));
  }
}
