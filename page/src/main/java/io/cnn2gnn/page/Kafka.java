package io.cnn2gnn.page;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** Makes clients of what somebody has configured. */
record Kafka(Map<String, String> properties) {
  private static final int PATIENCE_MILLIS = 10_000;

  /** Of committed records, in no group. */
  Consumer<byte[], byte[]> consumer(int records) {
    Map<String, Object> own = only(ConsumerConfig.configNames());
    own.remove(ConsumerConfig.GROUP_ID_CONFIG);
    own.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
    own.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
    own.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, records);
    own.put(ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG, 50);
    own.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
    return new KafkaConsumer<>(own, new ByteArrayDeserializer(), new ByteArrayDeserializer());
  }

  Producer<byte[], byte[]> producer() {
    Map<String, Object> own = only(ProducerConfig.configNames());
    // Somebody waits for it before a screen.
    own.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, PATIENCE_MILLIS);
    return new KafkaProducer<>(own, new ByteArraySerializer(), new ByteArraySerializer());
  }

  private Map<String, Object> only(Set<String> known) {
    Map<String, Object> kept = new HashMap<>(properties);
    kept.keySet().retainAll(known);
    return kept;
  }
}
