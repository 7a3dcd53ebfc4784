package io.cnn2gnn.topology;

import io.cnn2gnn.topology.bank.BankConfig;
import io.cnn2gnn.topology.batching.BatchConfig;
import io.cnn2gnn.topology.commit.CommitConfig;
import io.cnn2gnn.topology.flow.TopicNames;
import io.cnn2gnn.topology.gather.InputTopics;
import io.cnn2gnn.topology.teaching.TeachingConfig;
import java.time.Duration;

/**
 * Everything that shapes the topology.
 *
 * @param topics what it reads and writes
 * @param inputs what is taken over into the images topic
 * @param batch when a batch closes
 * @param commit how long answers wait to be committed
 * @param bank what the bank keeps
 * @param teaching what labels may do
 * @param maxPixels the largest image that is decoded, width x height
 * @param maxRecordBytes the largest record on any hop, changelogs and dead letters included
 * @param topK scores per prediction
 * @param referencePatience how long a record waits for the host of its reference before it is
 *     refused
 */
public record TopologyConfig(
    TopicNames topics,
    InputTopics inputs,
    BatchConfig batch,
    CommitConfig commit,
    BankConfig bank,
    TeachingConfig teaching,
    long maxPixels,
    int maxRecordBytes,
    int topK,
    Duration referencePatience) {
  /** Room for keys, headers and framing beside the largest value. */
  private static final int HEADROOM = 16 << 10;

  /** Three bytes each have to fit one array. */
  private static final long MOST_PIXELS = 500_000_000;

  public TopologyConfig {
    if (maxPixels < 1 || maxPixels > MOST_PIXELS) {
      throw new IllegalArgumentException(
          "image.max.pixels must lie in 1..%d: %d".formatted(MOST_PIXELS, maxPixels));
    }
    if (maxRecordBytes < 1 << 16) {
      throw new IllegalArgumentException(
          "record.max.bytes must be 65536 at least: " + maxRecordBytes);
    }
    if (topK < 1) {
      throw new IllegalArgumentException("prediction.top.k must be positive: " + topK);
    }
  }

  /** The largest input record: with the headers of a dead letter it is still within the limit. */
  public int maxInputBytes() {
    return maxRecordBytes - HEADROOM;
  }
}
