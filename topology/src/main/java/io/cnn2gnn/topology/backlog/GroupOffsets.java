package io.cnn2gnn.topology.backlog;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.TopicPartition;

/** Tells the offsets that a group has committed. */
@FunctionalInterface
public interface GroupOffsets {
  /**
   * Those that there are; none of a group that there is not.
   *
   * @throws ExecutionException if the broker does not tell them
   */
  Map<TopicPartition, Long> read() throws ExecutionException, InterruptedException;

  /** As a broker has them. */
  static GroupOffsets of(Admin admin, String group) {
    return () -> {
      Map<TopicPartition, Long> offsets = new HashMap<>();
      admin
          .listConsumerGroupOffsets(group)
          .partitionsToOffsetAndMetadata()
          .get()
          .forEach(
              (partition, committed) -> {
                if (committed != null) {
                  offsets.put(partition, committed.offset());
                }
              });
      return offsets;
    };
  }
}
