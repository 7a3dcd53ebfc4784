package io.cnn2gnn.benchmarks.buffers;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;

/**
 * Reads records of the input topic again, by their offsets.
 *
 * @param consumers each is used once, closed, and belongs to no group
 */
record InputReader(String topic, Supplier<Consumer<byte[], byte[]>> consumers) {
  private static final Duration POLL = Duration.ofMillis(100);
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  /**
   * Waits until each record was read or is known to be gone.
   *
   * @param offsets of records that were there once
   */
  LeftOver read(int partition, List<Long> offsets) {
    if (offsets.isEmpty()) {
      return LeftOver.NOTHING;
    }
    TopicPartition source = new TopicPartition(topic, partition);
    try (Consumer<byte[], byte[]> consumer = consumers.get()) {
      consumer.assign(List.of(source));
      return new Search(consumer, source, offsets.stream().sorted().distinct().toList()).run();
    }
  }

  private static final class Search {
    private final Consumer<byte[], byte[]> consumer;
    private final TopicPartition source;
    private final List<Long> offsets;
    private final List<Held> found = new ArrayList<>();
    private final List<Long> lost = new ArrayList<>();
    private int next;

    Search(Consumer<byte[], byte[]> consumer, TopicPartition source, List<Long> offsets) {
      this.consumer = consumer;
      this.source = source;
      this.offsets = offsets;
    }

    LeftOver run() {
      loseBelow(consumer.beginningOffsets(List.of(source)).get(source));
      // A topic that was deleted and made again may end before the offsets: waiting would not end.
      long end = consumer.endOffsets(List.of(source)).get(source);
      long deadline = System.nanoTime() + PATIENCE.toNanos();
      if (next < offsets.size()) {
        consumer.seek(source, offsets.get(next));
      }
      while (next < offsets.size() && offsets.get(next) < end) {
        if (System.nanoTime() - deadline > 0) {
          throw new TimeoutException("%s could not be read at %s".formatted(source, offsets));
        }
        readOn();
        // Only over gaps: a seek throws away what was fetched ahead.
        if (next < offsets.size() && offsets.get(next) > consumer.position(source)) {
          consumer.seek(source, offsets.get(next));
        }
      }
      loseBelow(Long.MAX_VALUE);
      return new LeftOver(found, lost);
    }

    private void readOn() {
      for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL).records(source)) {
        loseBelow(record.offset());
        if (next < offsets.size() && offsets.get(next) == record.offset()) {
          found.add(new Held(record.offset(), record.timestamp(), record.key(), record.value()));
          next++;
        }
      }
      // The position also passes what retention, compaction or an abort has left empty.
      loseBelow(consumer.position(source));
    }

    private void loseBelow(long offset) {
      while (next < offsets.size() && offsets.get(next) < offset) {
        lost.add(offsets.get(next));
        next++;
      }
    }
  }
}
