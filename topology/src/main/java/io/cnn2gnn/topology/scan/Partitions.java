package io.cnn2gnn.topology.scan;

import io.cnn2gnn.topology.scan.RangeScan.Range;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.TopicPartition;

/** The partitions of a topic, and what they hold. */
public final class Partitions {
  private Partitions() {}

  /** All of them; none if there is no such topic. */
  public static List<TopicPartition> of(Consumer<?, ?> consumer, String topic) {
    return consumer.partitionsFor(topic).stream()
        .map(info -> new TopicPartition(topic, info.partition()))
        .toList();
  }

  /**
   * What each of some partitions holds now, as far as it is committed.
   *
   * @param consumer is assigned nothing afterwards
   */
  public static Map<TopicPartition, Range> held(
      Consumer<?, ?> consumer, Collection<TopicPartition> partitions) {
    // Of others than its own it warns each time that it keeps no offsets of theirs.
    consumer.assign(partitions);
    Map<TopicPartition, Long> begins = consumer.beginningOffsets(partitions);
    Map<TopicPartition, Range> held = new HashMap<>();
    consumer
        .endOffsets(partitions)
        .forEach((partition, end) -> held.put(partition, new Range(begins.get(partition), end)));
    consumer.unsubscribe();
    return held;
  }
}
