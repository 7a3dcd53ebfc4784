package io.cnn2gnn.page;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;

/** Makes clients of what somebody has configured. */
record Kafka(Map<String, String> properties) {
  private static final int PATIENCE_MILLIS = 10_000;
  private static final int RELEASES = 500;

  /** Of committed records, in no group. */
  Consumer<byte[], byte[]> consumer(int records) {
    return new KafkaConsumer<>(
        reading(records), new ByteArrayDeserializer(), new ByteArrayDeserializer());
  }

  private Map<String, Object> reading(int records) {
    Map<String, Object> own = only(ConsumerConfig.configNames());
    own.remove(ConsumerConfig.GROUP_ID_CONFIG);
    own.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
    own.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
    own.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, records);
    own.put(ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG, 50);
    own.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
    return own;
  }

  /** Of committed records whose keys are text, in no group. */
  Consumer<String, byte[]> keyedConsumer() {
    return new KafkaConsumer<>(
        reading(RELEASES), new StringDeserializer(), new ByteArrayDeserializer());
  }

  Admin admin() {
    Map<String, Object> own = only(AdminClientConfig.configNames());
    own.put(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, PATIENCE_MILLIS / 2);
    own.put(AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, PATIENCE_MILLIS / 2);
    return Admin.create(own);
  }

  /** Of records whose keys are text. */
  Producer<String, byte[]> keyedProducer() {
    return new KafkaProducer<>(writing(), new StringSerializer(), new ByteArraySerializer());
  }

  Producer<byte[], byte[]> producer() {
    return new KafkaProducer<>(writing(), new ByteArraySerializer(), new ByteArraySerializer());
  }

  private Map<String, Object> writing() {
    Map<String, Object> own = only(ProducerConfig.configNames());
    // Somebody waits for it before a screen.
    own.put(ProducerConfig.LINGER_MS_CONFIG, 0);
    own.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, PATIENCE_MILLIS);
    own.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, PATIENCE_MILLIS / 2);
    own.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, PATIENCE_MILLIS);
    return own;
  }

  private Map<String, Object> only(Set<String> known) {
    Map<String, Object> kept = new HashMap<>(properties);
    kept.keySet().retainAll(known);
    return kept;
  }
}
