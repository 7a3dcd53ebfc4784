package io.cnn2gnn.faults;

import io.cnn2gnn.schemas.UnreadableRecordException;
import io.cnn2gnn.schemas.WireReader;
import io.cnn2gnn.schemas.avro.Prediction;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * Sees answers when any consumer would, once they are committed, and remembers how old they were.
 */
final class Onlooker implements AutoCloseable {
  private static final Duration POLL = Duration.ofMillis(20);

  private final KafkaConsumer<byte[], byte[]> consumer;
  private final WireReader<Prediction> reader;
  private final Map<String, Double> millis = new HashMap<>();
  private final Thread thread = new Thread(this::run, "onlooker");
  private volatile boolean closed;

  Onlooker(Map<String, Object> connection, WireReader<Prediction> reader, String topic) {
    Map<String, Object> config = new HashMap<>(connection);
    config.put("isolation.level", "read_committed");
    config.put("fetch.max.wait.ms", 20);
    this.consumer =
        new KafkaConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    this.reader = reader;
    List<TopicPartition> partitions =
        consumer.partitionsFor(topic).stream()
            .map(info -> new TopicPartition(topic, info.partition()))
            .toList();
    consumer.assign(partitions);
    consumer.seekToEnd(partitions);
    partitions.forEach(consumer::position);
    thread.setDaemon(true);
    thread.start();
  }

  private void run() {
    while (!closed) {
      consumer.poll(POLL).forEach(this::seen);
    }
    consumer.close();
  }

  private synchronized void seen(ConsumerRecord<byte[], byte[]> record) {
    try {
      Prediction answer = reader.read(record.headers(), record.value());
      millis.put(
          answer.getImageId(),
          Duration.between(answer.getCapturedAt(), Instant.now()).toNanos() / 1e6);
    } catch (UnreadableRecordException e) {
      throw new FaultException("an unreadable prediction", e);
    }
  }

  /** How old the answers to some images were when they could be seen; absent ones are left out. */
  synchronized List<Double> of(Collection<String> ids) {
    List<Double> found = new ArrayList<>();
    for (String id : ids) {
      if (millis.containsKey(id)) {
        found.add(millis.get(id));
      }
    }
    return found;
  }

  @Override
  public void close() {
    closed = true;
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
