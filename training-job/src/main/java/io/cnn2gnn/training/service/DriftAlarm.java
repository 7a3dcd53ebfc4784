package io.cnn2gnn.training.service;

import io.cnn2gnn.schemas.RegistryUnavailableException;
import io.cnn2gnn.schemas.UnreadableRecordException;
import io.cnn2gnn.schemas.WireReader;
import io.cnn2gnn.schemas.avro.ModelEvent;
import io.cnn2gnn.schemas.avro.ModelEventKind;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;

/** It is time when a service has told of drift since the end of the last training. */
public final class DriftAlarm implements Trigger, AutoCloseable {
  private static final Duration STEP = Duration.ofMillis(100);

  private final String topic;
  private final String model;
  private final Consumer<byte[], byte[]> consumer;
  private final WireReader<ModelEvent> reader;
  private boolean placed;
  private Optional<ModelEvent> latest = Optional.empty();

  /**
   * Listens to the events of one model.
   *
   * @param topic of model events
   * @param model whose drift counts
   * @param consumer of committed records, in no group; closed with this
   */
  public DriftAlarm(
      String topic,
      String model,
      Consumer<byte[], byte[]> consumer,
      WireReader<ModelEvent> reader) {
    this.topic = topic;
    this.model = model;
    this.consumer = consumer;
    this.reader = reader;
  }

  /**
   * {@inheritDoc}
   *
   * @throws RegistryUnavailableException if an event's schema cannot be had now; the events are
   *     read anew with the next call
   */
  @Override
  public Optional<String> fired(Optional<LastTraining> last) throws InterruptedException {
    Instant end = last.map(LastTraining::ended).orElse(Instant.EPOCH);
    try {
      follow();
    } catch (InterruptException e) {
      Thread.interrupted();
      throw new InterruptedException("interrupted while reading topic " + topic);
    } catch (RegistryUnavailableException e) {
      placed = false;
      throw e;
    }
    return latest
        .filter(event -> event.getAt().isAfter(end))
        .map(
            event ->
                "%s told of drift of %s:%s at %s: %s"
                    .formatted(
                        event.getInstance(),
                        event.getName(),
                        event.getVersion(),
                        event.getAt(),
                        event.getMessage()));
  }

  private void follow() {
    if (!placed) {
      List<TopicPartition> partitions =
          consumer.partitionsFor(topic).stream()
              .map(info -> new TopicPartition(topic, info.partition()))
              .toList();
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions);
      placed = true;
    }
    ConsumerRecords<byte[], byte[]> records = consumer.poll(STEP);
    while (!records.isEmpty()) {
      records.forEach(this::take);
      records = consumer.poll(STEP);
    }
  }

  private void take(ConsumerRecord<byte[], byte[]> record) {
    try {
      ModelEvent event = reader.read(record.headers(), record.value());
      boolean newer = latest.map(l -> event.getAt().isAfter(l.getAt())).orElse(true);
      if (event.getKind() == ModelEventKind.DRIFTED && event.getName().equals(model) && newer) {
        latest = Optional.of(event);
      }
    } catch (UnreadableRecordException e) {
      // Whatever it is, it is no alarm.
      return;
    }
  }

  @Override
  public void close() {
    consumer.close();
  }
}
