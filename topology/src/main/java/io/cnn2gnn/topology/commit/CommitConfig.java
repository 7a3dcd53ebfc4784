package io.cnn2gnn.topology.commit;

import java.time.Duration;

/**
 * How often a thread commits.
 *
 * @param least so soon after its last commit a thread with time to spare does it again
 * @param most Kafka Streams' interval, which is a busy thread's
 */
public record CommitConfig(Duration least, Duration most) {
  public CommitConfig {
    if (least.isNegative() || least.isZero()) {
      throw new IllegalArgumentException(
          "commit.min.interval.ms must be positive: " + least.toMillis());
    }
  }
}
