package io.cnn2gnn.cli.kit;

import io.cnn2gnn.schemas.PredictionReader;
import io.cnn2gnn.schemas.UnreadableRecordException;
import io.cnn2gnn.schemas.avro.Prediction;
import io.confluent.kafka.schemaregistry.client.SchemaRegistryClient;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;

/** Reads committed predictions, and dead letters beside them if asked, from all partitions. */
public final class PredictionConsumer implements AutoCloseable {
  /** What a poll brought. */
  public record Arrivals(
      List<Prediction> predictions, List<ConsumerRecord<String, byte[]>> deadLetters) {}

  private final String predictionTopic;
  private final PredictionReader reader;
  private final KafkaConsumer<String, byte[]> consumer;

  public PredictionConsumer(
      Map<String, String> properties,
      SchemaRegistryClient registry,
      String predictionTopic,
      List<String> otherTopics,
      boolean fromBeginning) {
    this.predictionTopic = predictionTopic;
    this.reader = new PredictionReader(registry, predictionTopic);
    Map<String, Object> config = Connection.only(properties, ConsumerConfig.configNames());
    config.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
    config.putIfAbsent(ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG, 50);
    this.consumer =
        new KafkaConsumer<>(config, new StringDeserializer(), new ByteArrayDeserializer());
    List<TopicPartition> partitions = new ArrayList<>();
    List<String> topics = new ArrayList<>(otherTopics);
    topics.add(predictionTopic);
    for (String topic : topics) {
      consumer
          .partitionsFor(topic)
          .forEach(p -> partitions.add(new TopicPartition(topic, p.partition())));
    }
    consumer.assign(partitions);
    if (fromBeginning) {
      consumer.seekToBeginning(partitions);
    } else {
      consumer.seekToEnd(partitions);
    }
    // Positions are found lazily; "from now" must mean from here, not from the first poll.
    partitions.forEach(consumer::position);
  }

  public Arrivals poll(Duration timeout) throws CliException, InterruptedException {
    List<Prediction> predictions = new ArrayList<>();
    List<ConsumerRecord<String, byte[]>> others = new ArrayList<>();
    for (ConsumerRecord<String, byte[]> record : records(timeout)) {
      if (!record.topic().equals(predictionTopic)) {
        others.add(record);
        continue;
      }
      try {
        predictions.add(reader.read(record.headers(), record.value()));
      } catch (UnreadableRecordException e) {
        throw new CliException(
            "%s-%d@%d is not a prediction: %s"
                .formatted(record.topic(), record.partition(), record.offset(), e.getMessage()),
            e);
      }
    }
    return new Arrivals(predictions, others);
  }

  private ConsumerRecords<String, byte[]> records(Duration timeout) throws InterruptedException {
    try {
      return consumer.poll(timeout);
    } catch (InterruptException e) {
      // Kafka leaves the flag set, and with it set the consumer could not close in good order.
      Thread.interrupted();
      throw new InterruptedException("interrupted while waiting for predictions");
    }
  }

  @Override
  public void close() {
    consumer.close();
  }
}
