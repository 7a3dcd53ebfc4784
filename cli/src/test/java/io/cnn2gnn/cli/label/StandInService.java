package io.cnn2gnn.cli.label;

import io.cnn2gnn.cli.kit.Connection;
import io.cnn2gnn.schemas.WireReader;
import io.cnn2gnn.schemas.WireWriter;
import io.cnn2gnn.schemas.avro.Label;
import io.cnn2gnn.schemas.avro.LabelCoordinates;
import io.cnn2gnn.schemas.avro.LabelOutcome;
import io.cnn2gnn.schemas.avro.LabelResult;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Future;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * Answers labels in transactions, as the service does, by a memory of its own: an image called gone
 * is found by its coordinates alone, the class Forbidden is refused, an image called silent has no
 * outcome.
 */
final class StandInService {
  /** A label as it lay on its topic. */
  record Seen(int partition, String key, Label label) {}

  private final KafkaConsumer<byte[], byte[]> consumer;
  private final KafkaProducer<byte[], byte[]> producer;
  private final WireReader<Label> reader;
  private final WireWriter<LabelOutcome> writer;
  private final Map<String, String> labellers = new HashMap<>();
  private final List<Seen> seen = new CopyOnWriteArrayList<>();
  private final Thread thread = new Thread(this::run, "stand-in");

  StandInService(Map<String, String> properties) throws Exception {
    String broker = properties.get(Connection.BOOTSTRAP);
    consumer =
        new KafkaConsumer<>(
            Map.of(Connection.BOOTSTRAP, broker),
            new ByteArrayDeserializer(),
            new ByteArrayDeserializer());
    producer =
        new KafkaProducer<>(
            Map.of(Connection.BOOTSTRAP, broker, "transactional.id", "stand-in"),
            new ByteArraySerializer(),
            new ByteArraySerializer());
    reader = new WireReader<>(Connection.registry(properties), "labels", Label.class);
    writer =
        new WireWriter<>(
            Connection.registry(properties), "labels.outcomes", LabelOutcome.class, true);
    producer.initTransactions();
    List<TopicPartition> partitions =
        List.of(new TopicPartition("labels", 0), new TopicPartition("labels", 1));
    consumer.assign(partitions);
    consumer.seekToBeginning(partitions);
    thread.start();
  }

  /** All labels so far, in their order. */
  List<Seen> seen() {
    return seen;
  }

  private void run() {
    try {
      while (true) {
        ConsumerRecords<byte[], byte[]> records = consumer.poll(Duration.ofMillis(100));
        if (!records.isEmpty()) {
          producer.beginTransaction();
          List<Future<RecordMetadata>> outcomes = new ArrayList<>();
          for (ConsumerRecord<byte[], byte[]> record : records) {
            take(record).map(producer::send).ifPresent(outcomes::add);
          }
          producer.commitTransaction();
          for (Future<RecordMetadata> outcome : outcomes) {
            outcome.get();
          }
        }
      }
    } catch (WakeupException e) {
      consumer.close();
      producer.close();
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  private Optional<ProducerRecord<byte[], byte[]>> take(ConsumerRecord<byte[], byte[]> record)
      throws Exception {
    Label label = reader.read(record.headers(), record.value());
    String key = record.key() == null ? "none" : new String(record.key(), StandardCharsets.UTF_8);
    seen.add(new Seen(record.partition(), key, label));
    if (label.getImageId().equals("silent")) {
      return Optional.empty();
    }
    LabelOutcome outcome = outcome(key + "/" + label.getImageId(), label);
    outcome.setRecord(new LabelCoordinates("labels", record.partition(), record.offset()));
    return Optional.of(
        new ProducerRecord<>(
            "labels.outcomes", record.partition(), record.key(), writer.write(outcome)));
  }

  private LabelOutcome outcome(String image, Label label) {
    LabelOutcome outcome =
        LabelOutcome.newBuilder()
            .setImageId(label.getImageId())
            .setLabel(label.getLabel())
            .setLabelledBy(label.getLabelledBy())
            .setResult(LabelResult.TAUGHT)
            .setRecord(new LabelCoordinates("labels", 0, 0L))
            .setAt(Instant.EPOCH)
            .build();
    if (label.getLabel() == null) {
      boolean known = labellers.remove(image, label.getLabelledBy());
      outcome.setResult(known ? LabelResult.TAKEN_BACK : LabelResult.NOT_FOUND);
      outcome.setMessage(known ? "" : "nothing to take back");
    } else if (label.getImageId().equals("gone") && label.getImage() == null) {
      outcome.setResult(LabelResult.NOT_FOUND);
      outcome.setMessage("the image is not among the recent ones");
    } else if (label.getLabel().equals("Forbidden")) {
      outcome.setResult(LabelResult.REFUSED);
      outcome.setReason("FORBIDDEN");
      outcome.setMessage("this class\u001b[2J is not taken");
    } else {
      labellers.put(image, label.getLabelledBy());
      outcome.setAnswered("Shirt");
      outcome.setModelVersion("fashion:1");
    }
    return outcome;
  }

  void stop() throws InterruptedException {
    consumer.wakeup();
    thread.join();
  }
}
