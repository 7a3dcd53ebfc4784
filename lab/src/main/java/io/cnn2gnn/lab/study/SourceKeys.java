package io.cnn2gnn.lab.study;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.kafka.common.utils.Utils;

/** Keys of records that Kafka's partitioner sends each to a partition of its own. */
final class SourceKeys {
  private SourceKeys() {}

  /** One for each of so many partitions, in their order. */
  static List<String> of(int partitions) {
    return IntStream.range(0, partitions)
        .mapToObj(partition -> key(partition, partitions))
        .toList();
  }

  private static String key(int partition, int partitions) {
    for (int i = 0; ; i++) {
      String key = "source-" + i;
      int hash = Utils.toPositive(Utils.murmur2(key.getBytes(StandardCharsets.UTF_8)));
      if (hash % partitions == partition) {
        return key;
      }
    }
  }
}
