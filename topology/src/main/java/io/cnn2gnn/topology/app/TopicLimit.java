package io.cnn2gnn.topology.app;

/**
 * The largest record that a topic takes. Where it is below {@code cnn2gnn.record.max.bytes} a
 * record would pass one hop and stop the task for good at the next.
 *
 * @param topic that exists already
 * @param bytes its max.message.bytes
 */
record TopicLimit(String topic, int bytes) {
  /** Throws if the topic takes too little. */
  void check(int recordMaxBytes) throws StartupException {
    if (bytes < recordMaxBytes) {
      throw new StartupException(
          ("topic %1$s has max.message.bytes=%2$d, cnn2gnn.record.max.bytes=%3$d needs as much:"
                  + " raise max.message.bytes of the topic to %3$d, or lower"
                  + " cnn2gnn.record.max.bytes to %2$d")
              .formatted(topic, bytes, recordMaxBytes));
    }
  }
}
