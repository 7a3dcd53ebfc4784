package io.cnn2gnn.training.topic;

import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Part of a topic, fixed by offsets, so that reading it again gives the same records as long as the
 * topic keeps them.
 *
 * @param topic its name
 * @param partitions what belongs to the range, by partition
 */
public record TopicRange(String topic, Map<Integer, Span> partitions) {
  /** Of a topic that is not there. */
  public static final TopicRange NONE = new TopicRange("", Map.of());

  /**
   * Offsets of one partition.
   *
   * @param begin the first one
   * @param end the first one that does not belong to it
   */
  public record Span(long begin, long end) {
    public Span {
      if (begin < 0 || end < begin) {
        throw new IllegalArgumentException(
            "a span of offsets must have 0 <= begin <= end: " + begin + ", " + end);
      }
    }
  }

  public TopicRange {
    partitions = new TreeMap<>(partitions);
  }

  @Override
  public String toString() {
    return partitions.entrySet().stream()
        .filter(e -> e.getValue().begin() < e.getValue().end())
        .map(e -> "%d@%d-%d".formatted(e.getKey(), e.getValue().begin(), e.getValue().end() - 1))
        .collect(Collectors.joining(" ", topic + "[", "]"));
  }
}
