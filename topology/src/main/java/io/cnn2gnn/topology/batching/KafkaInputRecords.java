package io.cnn2gnn.topology.batching;

import io.cnn2gnn.topology.Source;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;

/**
 * Reads them from the broker, with a consumer of its own that is in no group and commits nothing.
 */
public final class KafkaInputRecords implements InputRecords {
  private static final Duration POLL = Duration.ofMillis(100);

  private final String topic;
  private final Supplier<Consumer<byte[], byte[]>> consumers;
  private final Duration patience;

  /**
   * Makes one.
   *
   * @param consumers opens consumers that read committed records and start where they are told
   * @param patience how long each step of a read may take, and how long records may stay away; a
   *     batch of them must come well within max.poll.interval.ms
   */
  public KafkaInputRecords(
      String topic, Supplier<Consumer<byte[], byte[]>> consumers, Duration patience) {
    this.topic = topic;
    this.consumers = consumers;
    this.patience = patience;
  }

  @Override
  public List<Source> read(int partition, List<Long> offsets) {
    TopicPartition at = new TopicPartition(topic, partition);
    NavigableSet<Long> wanted = new TreeSet<>(offsets);
    List<Source> found = new ArrayList<>();
    try (Consumer<byte[], byte[]> consumer = consumers.get()) {
      List<TopicPartition> one = List.of(at);
      consumer.assign(one);
      wanted.headSet(consumer.beginningOffsets(one, patience).get(at)).clear();
      // A topic that was made anew under its name may end before the offsets we had.
      wanted.tailSet(consumer.endOffsets(one, patience).get(at)).clear();
      long deadline = System.nanoTime() + patience.toNanos();
      while (!wanted.isEmpty()) {
        if (System.nanoTime() - deadline >= 0) {
          throw new TimeoutException(
              "%s did not give %d pending records within %d ms"
                  .formatted(at, wanted.size(), patience.toMillis()));
        }
        int before = found.size();
        readOn(consumer, at, wanted, found);
        if (found.size() > before) {
          // Large images over a slow line are slow, not away.
          deadline = System.nanoTime() + patience.toNanos();
        }
      }
    }
    return found;
  }

  private void readOn(
      Consumer<byte[], byte[]> consumer,
      TopicPartition at,
      NavigableSet<Long> wanted,
      List<Source> found) {
    // Over gaps only: a seek throws away what was fetched ahead.
    if (found.isEmpty() || consumer.position(at, patience) < wanted.first()) {
      consumer.seek(at, wanted.first());
    }
    for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL).records(at)) {
      if (wanted.remove(record.offset())) {
        found.add(source(record));
      }
    }
    // The position also passes what retention, compaction or an abort has left empty.
    wanted.headSet(consumer.position(at, patience)).clear();
  }

  private static Source source(ConsumerRecord<byte[], byte[]> record) {
    return new Source(
        record.topic(),
        record.partition(),
        record.offset(),
        Math.max(0, record.timestamp()),
        Optional.ofNullable(record.key()),
        Optional.ofNullable(record.value()),
        record.headers());
  }
}
