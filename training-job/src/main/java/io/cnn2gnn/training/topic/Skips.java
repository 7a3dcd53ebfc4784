package io.cnn2gnn.training.topic;

import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What was passed over, by reason, with the first example of each. */
final class Skips {
  private static final Logger LOG = LoggerFactory.getLogger(Skips.class);

  private record Entry(long count, String example) {}

  private final Map<String, Entry> byReason = new TreeMap<>();

  void add(String reason, ConsumerRecord<?, ?> record, String message) {
    byReason.merge(
        reason,
        new Entry(
            1,
            "%s-%d@%d: %s".formatted(record.topic(), record.partition(), record.offset(), message)),
        (before, one) -> new Entry(before.count + 1, before.example));
  }

  /** One line for each reason. */
  void log() {
    byReason.forEach(
        (reason, entry) ->
            LOG.warn(
                "{} records are not learned from, {}; the first is {}",
                entry.count,
                reason,
                entry.example));
  }

  Map<String, Long> counts() {
    Map<String, Long> counts = new TreeMap<>();
    byReason.forEach((reason, entry) -> counts.put(reason, entry.count));
    return counts;
  }
}
