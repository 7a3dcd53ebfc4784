package io.cnn2gnn.page;

import io.cnn2gnn.schemas.PredictionReader;
import io.cnn2gnn.schemas.UnreadableRecordException;
import io.cnn2gnn.schemas.WireReader;
import io.cnn2gnn.schemas.avro.LabelOutcome;
import io.cnn2gnn.schemas.avro.ModelEvent;
import io.cnn2gnn.schemas.avro.ModelEventKind;
import io.cnn2gnn.schemas.avro.Prediction;
import java.time.Duration;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows predictions, dead letters, outcomes of labels and what is told of models, on a thread of
 * its own, from a little before now. A broker or a registry that is away is waited for.
 */
final class Feed implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Feed.class);
  private static final Duration POLL = Duration.ofMillis(100);
  private static final Duration ANSWER = Duration.ofSeconds(5);
  private static final Duration PAUSE = Duration.ofSeconds(1);
  private static final Duration LOOK = Duration.ofSeconds(2);
  private static final int RECORDS = 2_000;

  /** They come every few seconds, and are what metrics are for. */
  private static final Set<ModelEventKind> FIGURES =
      EnumSet.of(ModelEventKind.STATISTICS, ModelEventKind.SHADOWING);

  /** Of each partition, so that a page is not empty at first. */
  private static final int BACKLOG = 200;

  /** Likewise of events: the figures of some hours, and what became of the last releases. */
  private static final int EVENTS = 10_000;

  private final Supplier<org.apache.kafka.clients.consumer.Consumer<byte[], byte[]>> consumers;
  private final PageConfig.Topics topics;
  private final PredictionReader predictions;
  private final WireReader<LabelOutcome> outcomes;
  private final WireReader<ModelEvent> events;
  private final Gallery gallery;
  private final Tally tally;
  private final Consumer<LabelOutcome> told;
  private final Consumer<ModelEvent> news;
  private final Thread thread = new Thread(this::run, "page-feed");
  private volatile Optional<org.apache.kafka.clients.consumer.Consumer<byte[], byte[]>> reading =
      Optional.empty();
  private volatile Optional<String> away = Optional.of("connecting");
  private final CountDownLatch closing = new CountDownLatch(1);

  /** Of its own thread alone: where it goes on after a broker was away. */
  private final Map<TopicPartition, Long> next = new HashMap<>();

  /** Likewise: the ends at first. */
  private final Map<TopicPartition, Long> counted = new HashMap<>();

  private long number;

  /**
   * What it works with.
   *
   * @param readers of the values of records
   * @param told hears of outcomes
   * @param news hears of models, figures that come every few seconds among it
   */
  Feed(
      Kafka kafka,
      PageConfig.Topics topics,
      Readers readers,
      Gallery gallery,
      Tally tally,
      Consumer<LabelOutcome> told,
      Consumer<ModelEvent> news) {
    this.consumers = () -> kafka.consumer(RECORDS);
    this.topics = topics;
    this.predictions = readers.predictions();
    this.outcomes = readers.outcomes();
    this.events = readers.events();
    this.gallery = gallery;
    this.tally = tally;
    this.told = told;
    this.news = news;
    thread.setDaemon(true);
  }

  /** Of the values of records. */
  record Readers(
      PredictionReader predictions,
      WireReader<LabelOutcome> outcomes,
      WireReader<ModelEvent> events) {}

  void start() {
    thread.start();
  }

  /** Why nothing new can come; empty while all is well. */
  Optional<String> away() {
    return thread.isAlive() ? away : Optional.of("it has ended; the log says why");
  }

  private void run() {
    while (!isClosed()) {
      try (org.apache.kafka.clients.consumer.Consumer<byte[], byte[]> consumer = consumers.get()) {
        reading = Optional.of(consumer);
        follow(consumer);
      } catch (RuntimeException e) {
        // Whatever it is: a page that shows nothing new any more must not look as if all were well.
        // One that was woken up is to end.
        if (!isClosed()) {
          lost(e);
        }
      } finally {
        reading = Optional.empty();
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
    List<TopicPartition> partitions = partitions(consumer);
    if (partitions.isEmpty()) {
      throw new KafkaException("the broker has no topic " + topics.predictions());
    }
    consumer.assign(partitions);
    begin(consumer, partitions);
    long looked = System.nanoTime();
    while (!isClosed()) {
      for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
        take(record);
      }
      if (System.nanoTime() - looked > LOOK.toNanos()) {
        // A consumer that gets nothing does not say whether there is a broker; and topics and
        // partitions may have been added.
        if (!partitions(consumer).equals(partitions)) {
          return;
        }
        looked = System.nanoTime();
      }
      away = Optional.empty();
    }
  }

  private List<TopicPartition> partitions(
      org.apache.kafka.clients.consumer.Consumer<byte[], byte[]> consumer) {
    Map<String, List<PartitionInfo>> all = consumer.listTopics(ANSWER);
    return Stream.of(topics.predictions(), topics.deadLetters(), topics.outcomes(), topics.events())
        .flatMap(topic -> all.getOrDefault(topic, List.of()).stream())
        .map(one -> new TopicPartition(one.topic(), one.partition()))
        .sorted(Comparator.comparing(TopicPartition::toString))
        .toList();
  }

  /** Where it was, or a little before the end. */
  private void begin(
      org.apache.kafka.clients.consumer.Consumer<byte[], byte[]> consumer,
      List<TopicPartition> partitions) {
    Map<TopicPartition, Long> ends = consumer.endOffsets(partitions, ANSWER);
    Map<TopicPartition, Long> beginnings = consumer.beginningOffsets(partitions, ANSWER);
    for (TopicPartition partition : partitions) {
      long end = ends.get(partition);
      long from = Math.max(beginnings.get(partition), end - backlog(partition.topic()));
      counted.putIfAbsent(partition, end);
      consumer.seek(partition, Math.min(end, Math.max(from, next.getOrDefault(partition, from))));
    }
  }

  private long backlog(String topic) {
    if (topic.equals(topics.outcomes())) {
      return 0;
    }
    return topic.equals(topics.events()) ? EVENTS : BACKLOG;
  }

  private void take(ConsumerRecord<byte[], byte[]> record) {
    TopicPartition partition = new TopicPartition(record.topic(), record.partition());
    next.put(partition, record.offset() + 1);
    // What was there before is shown and not counted.
    boolean isNew = record.offset() >= counted.get(partition);
    try {
      if (record.topic().equals(topics.predictions())) {
        Prediction prediction = predictions.read(record.headers(), record.value());
        gallery.add(new Shown(++number, Optional.ofNullable(record.key()), prediction));
        if (isNew) {
          tally.answered(Duration.between(prediction.getCapturedAt(), prediction.getPredictedAt()));
        }
      } else if (record.topic().equals(topics.deadLetters())) {
        gallery.add(Refused.of(++number, record));
        if (isNew) {
          tally.refused();
        }
      } else if (record.topic().equals(topics.events())) {
        ModelEvent event = events.read(record.headers(), record.value());
        news.accept(event);
        // Figures come every few seconds: they are shown over time, and are no news.
        if (!FIGURES.contains(event.getKind())) {
          gallery.add(new ModelNews(++number, event));
        }
      } else {
        told.accept(outcomes.read(record.headers(), record.value()));
      }
    } catch (UnreadableRecordException e) {
      LOG.debug("{}-{}@{} is not shown", record.topic(), record.partition(), record.offset(), e);
    }
  }

  @Override
  public void close() {
    closing.countDown();
    reading.ifPresent(org.apache.kafka.clients.consumer.Consumer::wakeup);
    try {
      thread.join(ANSWER.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
