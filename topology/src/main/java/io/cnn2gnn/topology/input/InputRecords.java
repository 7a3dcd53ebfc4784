package io.cnn2gnn.topology.input;

import io.cnn2gnn.topology.flow.Source;
import java.util.List;

/**
 * Reads records of the input topic again: images that a former life of a task had consumed but not
 * yet classified.
 */
@FunctionalInterface
public interface InputRecords {
  /**
   * Returns the records of a partition at the given offsets, ascending. One that the topic no
   * longer has is not among them.
   *
   * @throws org.apache.kafka.common.KafkaException if the broker does not give them now; they are
   *     not lost, the caller tries again
   */
  List<Source> read(int partition, List<Long> offsets);
}
