package io.cnn2gnn.page;

import io.cnn2gnn.schemas.UnreadableRecordException;
import io.cnn2gnn.schemas.WireReader;
import io.cnn2gnn.schemas.avro.LabelOutcome;
import io.cnn2gnn.schemas.avro.Prediction;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows predictions, dead letters and outcomes of labels, on a thread of its own, from a little
 * before now. A broker or a registry that is away is waited for.
 */
final class Feed implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Feed.class);
  private static final Duration POLL = Duration.ofMillis(100);
  private static final Duration ANSWER = Duration.ofSeconds(5);
  private static final Duration PAUSE = Duration.ofSeconds(1);
  private static final int RECORDS = 2_000;

  /** Of each partition, so that a page is not empty at first. */
  private static final int BACKLOG = 200;

  private final Supplier<org.apache.kafka.clients.consumer.Consumer<byte[], byte[]>> consumers;
  private final PageConfig.Topics topics;
  private final WireReader<Prediction> predictions;
  private final WireReader<LabelOutcome> outcomes;
  private final Gallery gallery;
  private final Tally tally;
  private final Consumer<LabelOutcome> told;
  private final Thread thread = new Thread(this::run, "page-feed");
  private volatile Optional<String> away = Optional.of("connecting");
  private final CountDownLatch closing = new CountDownLatch(1);
  private long number;

  /**
   * What it works with.
   *
   * @param readers of predictions and of outcomes
   * @param told hears of outcomes
   */
  Feed(
      Kafka kafka,
      PageConfig.Topics topics,
      Readers readers,
      Gallery gallery,
      Tally tally,
      Consumer<LabelOutcome> told) {
    this.consumers = () -> kafka.consumer(RECORDS);
    this.topics = topics;
    this.predictions = readers.predictions();
    this.outcomes = readers.outcomes();
    this.gallery = gallery;
    this.tally = tally;
    this.told = told;
    thread.setDaemon(true);
  }

  /** Of the values of records. */
  record Readers(WireReader<Prediction> predictions, WireReader<LabelOutcome> outcomes) {}

  void start() {
    thread.start();
  }

  /** Why nothing new can come; empty while all is well. */
  Optional<String> away() {
    return away;
  }

  private void run() {
    while (!isClosed()) {
      try (org.apache.kafka.clients.consumer.Consumer<byte[], byte[]> consumer = consumers.get()) {
        follow(consumer);
      } catch (RuntimeException e) {
        // Whatever it is: a page that shows nothing new from then on would look as if all were
        // well.
        lost(e);
      }
    }
  }

  private boolean isClosed() {
    return closing.getCount() == 0;
  }

  private void lost(RuntimeException e) {
    if (away.isEmpty() || !away.get().equals(e.getMessage())) {
      LOG.warn("the page has nothing new to show: {}", e.toString());
    }
    away = Optional.of(String.valueOf(e.getMessage()));
    try {
      var unused = closing.await(PAUSE.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException interrupted) {
      closing.countDown();
    }
  }

  private void follow(org.apache.kafka.clients.consumer.Consumer<byte[], byte[]> consumer) {
    List<TopicPartition> partitions = new ArrayList<>();
    for (String topic : List.of(topics.predictions(), topics.deadLetters(), topics.outcomes())) {
      for (PartitionInfo one : consumer.partitionsFor(topic, ANSWER)) {
        partitions.add(new TopicPartition(topic, one.partition()));
      }
    }
    if (partitions.isEmpty()) {
      throw new KafkaException("the broker has no topic " + topics.predictions());
    }
    consumer.assign(partitions);
    Map<TopicPartition, Long> ends = consumer.endOffsets(partitions, ANSWER);
    for (TopicPartition partition : partitions) {
      boolean backlog = number == 0 && !partition.topic().equals(topics.outcomes());
      long end = ends.get(partition);
      consumer.seek(partition, Math.max(0, backlog ? end - BACKLOG : end));
    }
    long heard = System.nanoTime();
    while (!isClosed()) {
      for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
        take(record, ends.get(new TopicPartition(record.topic(), record.partition())));
      }
      if (System.nanoTime() - heard > PAUSE.toNanos()) {
        // A consumer that gets nothing does not say whether there is a broker.
        ends.putAll(consumer.endOffsets(partitions.subList(0, 1), ANSWER));
        heard = System.nanoTime();
      }
      away = Optional.empty();
    }
  }

  /**
   * Takes a record.
   *
   * @param from where what is new begins: what was there before is shown and not counted
   */
  private void take(ConsumerRecord<byte[], byte[]> record, long from) {
    long now = System.currentTimeMillis();
    try {
      if (record.topic().equals(topics.predictions())) {
        Prediction prediction = predictions.read(record.value());
        gallery.add(new Shown(++number, Optional.ofNullable(record.key()), prediction, now));
        if (record.offset() >= from) {
          tally.answered(Duration.between(prediction.getCapturedAt(), prediction.getPredictedAt()));
        }
      } else if (record.topic().equals(topics.deadLetters())) {
        gallery.add(Refused.of(++number, record, now));
        if (record.offset() >= from) {
          tally.refused();
        }
      } else {
        told.accept(outcomes.read(record.value()));
      }
    } catch (UnreadableRecordException e) {
      LOG.debug("{}-{}@{} is not shown", record.topic(), record.partition(), record.offset(), e);
    }
  }

  @Override
  public void close() {
    closing.countDown();
    try {
      thread.join(ANSWER.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
