package io.cnn2gnn.cli.label;

import io.cnn2gnn.cli.kit.CliException;
import io.cnn2gnn.training.service.TrainingClients;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;

/**
 * Reads the committed records of a topic once, from its beginning to where it ends at the start.
 */
final class TopicScan {
  private static final Duration STEP = Duration.ofMillis(200);
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final TrainingClients clients;
  private final String topic;

  TopicScan(TrainingClients clients, String topic) {
    this.clients = clients;
    this.topic = topic;
  }

  /** Takes a record; those of one partition come in their order. */
  interface Taker {
    void take(ConsumerRecord<byte[], byte[]> record) throws CliException;
  }

  /**
   * Reads the topic, with a progress bar.
   *
   * @throws CliException if a partition brings nothing for a minute
   */
  void run(Taker taker) throws CliException, InterruptedException {
    try (Consumer<byte[], byte[]> consumer = clients.reader()) {
      List<TopicPartition> partitions = partitions(consumer, topic);
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions);
      Map<TopicPartition, Long> begins = consumer.beginningOffsets(partitions);
      Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
      long records = sum(ends) - sum(begins);
      try (ProgressBar bar =
          new ProgressBarBuilder().setTaskName(topic).setInitialMax(records).build()) {
        read(consumer, ends, sum(begins), bar, taker);
      } catch (InterruptException e) {
        throw interrupted(topic);
      }
    }
  }

  private void read(
      Consumer<byte[], byte[]> consumer,
      Map<TopicPartition, Long> ends,
      long begin,
      ProgressBar bar,
      Taker taker)
      throws CliException {
    long last = -1;
    long moved = System.nanoTime();
    long position = position(consumer, ends);
    while (position < sum(ends)) {
      for (ConsumerRecord<byte[], byte[]> record : consumer.poll(STEP)) {
        if (record.offset() < ends.get(new TopicPartition(topic, record.partition()))) {
          taker.take(record);
        }
      }
      position = position(consumer, ends);
      bar.stepTo(position - begin);
      if (position > last) {
        last = position;
        moved = System.nanoTime();
      } else if (System.nanoTime() - moved > PATIENCE.toNanos()) {
        throw new CliException(
            "topic %s brings nothing for %d s: is its broker up?"
                .formatted(topic, PATIENCE.toSeconds()));
      }
    }
  }

  /** How far all of them are, none beyond its end. */
  private static long position(Consumer<byte[], byte[]> consumer, Map<TopicPartition, Long> ends) {
    return ends.entrySet().stream()
        .mapToLong(end -> Math.min(consumer.position(end.getKey()), end.getValue()))
        .sum();
  }

  private static long sum(Map<TopicPartition, Long> offsets) {
    return offsets.values().stream().mapToLong(Long::longValue).sum();
  }

  /** All of a topic's, in order. */
  static List<TopicPartition> partitions(Consumer<byte[], byte[]> consumer, String topic) {
    return consumer.partitionsFor(topic).stream()
        .map(info -> new TopicPartition(topic, info.partition()))
        .toList();
  }

  /** The key as an image's name has it. */
  static Optional<byte[]> source(ConsumerRecord<byte[], byte[]> record) {
    return Optional.ofNullable(record.key());
  }

  /** Kafka leaves the flag set, and with it set a client could not close in good order. */
  static InterruptedException interrupted(String topic) {
    Thread.interrupted();
    return new InterruptedException("interrupted while reading topic " + topic);
  }
}
