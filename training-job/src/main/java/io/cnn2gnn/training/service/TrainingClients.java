package io.cnn2gnn.training.service;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.CooperativeStickyAssignor;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;

/**
 * Makes the Kafka clients of training.
 *
 * @param properties client properties, of which bootstrap.servers must be set; those of groups and
 *     commits are replaced
 */
public record TrainingClients(Map<String, String> properties) {
  private static final int SESSION_MS = 10_000;

  /** Heartbeats that may be lost within a session. */
  private static final int BEATS = 4;

  private static final Set<String> MEMBERSHIP =
      Set.of(
          ConsumerConfig.GROUP_ID_CONFIG,
          ConsumerConfig.GROUP_INSTANCE_ID_CONFIG,
          ConsumerConfig.GROUP_PROTOCOL_CONFIG,
          ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG,
          ConsumerConfig.PARTITION_ASSIGNMENT_STRATEGY_CONFIG);

  public TrainingClients {
    properties = Map.copyOf(properties);
  }

  /** A reader of committed records, in no group. */
  public Consumer<byte[], byte[]> reader() {
    return new KafkaConsumer<>(reading(), new ByteArrayDeserializer(), new ByteArrayDeserializer());
  }

  /** The same for a topic whose keys are text. */
  public Consumer<String, byte[]> keyedReader() {
    return new KafkaConsumer<>(reading(), new StringDeserializer(), new ByteArrayDeserializer());
  }

  /**
   * A member of a group that commits nothing of itself. Others wait for {@code session.timeout.ms}
   * when it is killed: 10 s unless the properties say otherwise.
   */
  public Consumer<byte[], byte[]> member(String group) {
    Map<String, Object> config = reading();
    config.put(ConsumerConfig.GROUP_ID_CONFIG, group);
    config.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
    config.putIfAbsent(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG, SESSION_MS);
    String session = config.get(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG).toString();
    config.putIfAbsent(ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG, heartbeat(session));
    config.put(
        ConsumerConfig.PARTITION_ASSIGNMENT_STRATEGY_CONFIG,
        CooperativeStickyAssignor.class.getName());
    return new KafkaConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer());
  }

  private static int heartbeat(String session) {
    try {
      return Math.max(1, Integer.parseInt(session.strip()) / BEATS);
    } catch (NumberFormatException e) {
      throw new ConfigException(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG, session, "not a number");
    }
  }

  /** A producer that is idempotent and waits for all replicas, as is Kafka's default. */
  public Producer<String, byte[]> producer() {
    return new KafkaProducer<>(
        only(ProducerConfig.configNames()), new StringSerializer(), new ByteArraySerializer());
  }

  private Map<String, Object> reading() {
    Map<String, Object> config = only(ConsumerConfig.configNames());
    config.keySet().removeAll(MEMBERSHIP);
    config.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
    config.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
    config.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
    return config;
  }

  /** Those that a client knows, so that it does not warn of the others. */
  private Map<String, Object> only(Set<String> known) {
    Map<String, Object> kept = new HashMap<>(properties);
    kept.keySet().retainAll(known);
    return kept;
  }
}
