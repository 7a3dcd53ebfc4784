package io.cnn2gnn.topology.app;

/**
 * The largest record that a topic takes, beside what it must take for {@code
 * cnn2gnn.record.max.bytes} to hold on every hop. Below it a record would pass one hop and stop the
 * task for good at the next.
 *
 * @param topic that exists already
 * @param has its max.message.bytes
 * @param needs the least it must have
 */
record TopicLimit(String topic, int has, int needs) {
  /** Throws if the topic takes too little. */
  void check(int recordMaxBytes) throws StartupException {
    if (has < needs) {
      throw new StartupException(
          ("topic %s has max.message.bytes=%d, cnn2gnn.record.max.bytes=%d needs %d: raise"
                  + " max.message.bytes of the topic to that, or lower cnn2gnn.record.max.bytes to %d")
              .formatted(topic, has, recordMaxBytes, needs, recordMaxBytes - (needs - has)));
    }
  }
}
