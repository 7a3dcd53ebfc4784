package io.cnn2gnn.training.topic;

import io.cnn2gnn.training.topic.TopicRange.Span;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Finds ranges of a topic and reads them, partition by partition and so always in one order. */
final class RangeReader {
  private static final Logger LOG = LoggerFactory.getLogger(RangeReader.class);
  private static final Duration STEP = Duration.ofMillis(200);

  private final String topic;
  private final Supplier<? extends Consumer<byte[], byte[]>> consumers;
  private final Duration patience;

  /**
   * Of a topic; reads nothing yet.
   *
   * @param consumers makes consumers of committed records, in no group
   * @param patience how long a partition may bring nothing before its end
   */
  RangeReader(
      String topic, Supplier<? extends Consumer<byte[], byte[]>> consumers, Duration patience) {
    this.topic = topic;
    this.consumers = consumers;
    this.patience = patience;
  }

  private interface Work<T> {
    T with(Consumer<byte[], byte[]> consumer) throws IOException;
  }

  private <T> T run(Work<T> work) throws IOException, InterruptedException {
    try (Consumer<byte[], byte[]> consumer = consumers.get()) {
      try {
        return work.with(consumer);
      } catch (InterruptException e) {
        // Kafka leaves the flag set, and with it set the consumer could not close in good order.
        Thread.interrupted();
        throw new InterruptedException("interrupted while reading topic " + topic);
      }
    }
  }

  TopicRange range(TimePoint since, TimePoint until) throws IOException, InterruptedException {
    return find(since, until)
        .orElseThrow(() -> new IOException("the broker has no topic " + topic));
  }

  /** Empty if there is no such topic. */
  Optional<TopicRange> find(TimePoint since, TimePoint until)
      throws IOException, InterruptedException {
    return run(
        consumer -> {
          List<TopicPartition> partitions = partitions(consumer);
          if (partitions.isEmpty()) {
            return Optional.empty();
          }
          // Or the client warns that it has learned ends of partitions that are not its own.
          consumer.assign(partitions);
          Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
          Map<TopicPartition, Long> from = resolve(consumer, since, ends);
          Map<TopicPartition, Long> to = resolve(consumer, until, ends);
          Map<Integer, Span> spans = new HashMap<>();
          for (TopicPartition at : partitions) {
            long end = Math.min(to.get(at), ends.get(at));
            spans.put(at.partition(), new Span(Math.min(from.get(at), end), end));
          }
          return Optional.of(new TopicRange(topic, spans));
        });
  }

  private List<TopicPartition> partitions(Consumer<byte[], byte[]> consumer) {
    List<PartitionInfo> infos = consumer.partitionsFor(topic);
    return infos.stream().map(info -> new TopicPartition(topic, info.partition())).toList();
  }

  private static Map<TopicPartition, Long> resolve(
      Consumer<byte[], byte[]> consumer, TimePoint point, Map<TopicPartition, Long> ends) {
    if (point instanceof TimePoint.Earliest) {
      return consumer.beginningOffsets(ends.keySet());
    }
    if (!(point instanceof TimePoint.At at)) {
      return ends;
    }
    Map<TopicPartition, Long> times = new HashMap<>();
    ends.keySet().forEach(p -> times.put(p, at.instant().toEpochMilli()));
    Map<TopicPartition, Long> offsets = new HashMap<>(ends);
    consumer
        .offsetsForTimes(times)
        .forEach(
            (p, found) -> {
              // None where all records are older.
              if (found != null) {
                offsets.put(p, found.offset());
              }
            });
    return offsets;
  }

  /**
   * Reads a range.
   *
   * @param take is given each record and says whether to go on
   * @throws IOException if the topic no longer has what the range says
   * @throws TimeoutException if a partition brings nothing for too long
   */
  void read(TopicRange range, Predicate<ConsumerRecord<byte[], byte[]>> take)
      throws IOException, InterruptedException {
    run(
        consumer -> {
          for (Map.Entry<Integer, Span> part : range.partitions().entrySet()) {
            TopicPartition at = new TopicPartition(topic, part.getKey());
            Span span = part.getValue();
            if (span.begin() < span.end() && !read(consumer, at, span, take)) {
              break;
            }
          }
          return range;
        });
  }

  private boolean read(
      Consumer<byte[], byte[]> consumer,
      TopicPartition at,
      Span span,
      Predicate<ConsumerRecord<byte[], byte[]>> take)
      throws IOException {
    List<TopicPartition> one = List.of(at);
    consumer.assign(one);
    long end = consumer.endOffsets(one).get(at);
    if (end < span.end()) {
      throw new IOException(
          "%s ends at %d, before the end %d of the range: was the topic made anew?"
              .formatted(at, end, span.end()));
    }
    long begin = consumer.beginningOffsets(one).get(at);
    if (begin > span.begin()) {
      LOG.warn("{} no longer has the records {} to {}", at, span.begin(), begin - 1);
    }
    consumer.seek(at, Math.max(begin, span.begin()));
    long moved = System.nanoTime();
    long last = -1;
    while (consumer.position(at) < span.end()) {
      // A copy, for the consumer may not be used while it is read.
      for (ConsumerRecord<byte[], byte[]> record :
          new ArrayList<>(consumer.poll(STEP).records(at))) {
        if (record.offset() < span.end() && !take.test(record)) {
          return false;
        }
      }
      if (consumer.position(at) > last) {
        last = consumer.position(at);
        moved = System.nanoTime();
      } else if (System.nanoTime() - moved > patience.toNanos()) {
        throw new TimeoutException(
            "%s brings nothing behind offset %d for %d s: is its broker up?"
                .formatted(at, last, patience.toSeconds()));
      }
    }
    return true;
  }
}
