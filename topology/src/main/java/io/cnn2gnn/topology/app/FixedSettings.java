package io.cnn2gnn.topology.app;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.streams.StreamsConfig;

/**
 * Settings of Kafka's clients that the service's promises rest on. Kafka Streams would take some of
 * them as they are, and pass over others in silence.
 */
final class FixedSettings {
  private static final List<String> NONE = List.of("");
  private static final List<String> CONSUMER =
      List.of("", StreamsConfig.CONSUMER_PREFIX, StreamsConfig.MAIN_CONSUMER_PREFIX);
  private static final List<String> PRODUCER = List.of("", StreamsConfig.PRODUCER_PREFIX);
  private static final String LOSES = "a handler that continues would lose images";

  /**
   * One of them.
   *
   * @param prefixes under which it is read
   * @param right what it may be, in lower case; the first one is what it is
   */
  private record Fixed(List<String> prefixes, String key, List<String> right, String why) {
    void check(String name, String value) {
      if (!right.contains(value.strip().toLowerCase(Locale.ROOT))) {
        throw new IllegalArgumentException(
            right.isEmpty()
                ? "%s cannot be set: %s".formatted(name, why)
                : "%s must stay %s, not %s: %s".formatted(name, right.get(0), value, why));
      }
    }
  }

  private static final List<Fixed> ALL =
      List.of(
          new Fixed(
              NONE,
              StreamsConfig.PROCESSING_GUARANTEE_CONFIG,
              List.of(StreamsConfig.EXACTLY_ONCE_V2),
              "images would be predicted twice or lost"),
          new Fixed(
              CONSUMER,
              StreamsConfig.GROUP_PROTOCOL_CONFIG,
              List.of("classic"),
              "instances are static members of their group, which other protocols of Kafka Streams"
                  + " do not have"),
          new Fixed(
              NONE, StreamsConfig.PROCESSING_EXCEPTION_HANDLER_CLASS_CONFIG, List.of(), LOSES),
          new Fixed(
              NONE, StreamsConfig.PRODUCTION_EXCEPTION_HANDLER_CLASS_CONFIG, List.of(), LOSES),
          new Fixed(NONE, "default.production.exception.handler", List.of(), LOSES),
          new Fixed(
              NONE, StreamsConfig.DESERIALIZATION_EXCEPTION_HANDLER_CLASS_CONFIG, List.of(), LOSES),
          new Fixed(NONE, "default.deserialization.exception.handler", List.of(), LOSES),
          new Fixed(
              NONE,
              StreamsConfig.DEFAULT_TIMESTAMP_EXTRACTOR_CLASS_CONFIG,
              List.of(),
              "the service remembers what it has answered by the timestamps of records"),
          new Fixed(
              CONSUMER,
              ConsumerConfig.ISOLATION_LEVEL_CONFIG,
              List.of("read_committed"),
              "images of transactions that were aborted would be answered"),
          new Fixed(
              CONSUMER,
              ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG,
              List.of("false"),
              "offsets are committed with the answers"),
          new Fixed(
              PRODUCER,
              ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG,
              List.of("true"),
              "answers are written in transactions"),
          new Fixed(
              PRODUCER,
              ProducerConfig.ACKS_CONFIG,
              List.of("all", "-1"),
              "answers are written in transactions"),
          new Fixed(
              PRODUCER,
              ProducerConfig.TRANSACTIONAL_ID_CONFIG,
              List.of(),
              "each thread has an id of its own, which begins with application.id"));

  private FixedSettings() {}

  /**
   * Checks what a user has set.
   *
   * @throws IllegalArgumentException naming the key that cannot be so
   */
  static void check(Map<String, String> clients) {
    for (Fixed fixed : ALL) {
      for (String prefix : fixed.prefixes()) {
        String name = prefix + fixed.key();
        if (clients.containsKey(name)) {
          fixed.check(name, clients.get(name));
        }
      }
    }
    String group = clients.get(ConsumerConfig.GROUP_ID_CONFIG);
    String application =
        clients.getOrDefault(
            StreamsConfig.APPLICATION_ID_CONFIG, ConfigKey.APPLICATION_ID.otherwise());
    if (group != null && !group.equals(application)) {
      throw new IllegalArgumentException(
          "group.id cannot be set: the group is called as the application is, %s; set application.id"
              .formatted(application));
    }
    for (String prefix : CONSUMER) {
      String name = prefix + ConsumerConfig.GROUP_INSTANCE_ID_CONFIG;
      if (clients.getOrDefault(name, "x").isBlank()) {
        throw new IllegalArgumentException(
            name + " must not be empty: without it the instance has an id of its own in state.dir");
      }
    }
    checkThreads(clients);
  }

  private static void checkThreads(Map<String, String> clients) {
    String threads = clients.get(StreamsConfig.NUM_STREAM_THREADS_CONFIG);
    if (threads != null && !threads.strip().matches("0*[1-9][0-9]{0,4}")) {
      throw new IllegalArgumentException(
          "%s must be a whole number, 1 at least: %s"
              .formatted(StreamsConfig.NUM_STREAM_THREADS_CONFIG, threads));
    }
  }
}
