package io.cnn2gnn.topology.app;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Properties;
import java.util.UUID;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.processor.UsePartitionTimeOnInvalidTimestamp;

/** What Kafka Streams is told, with the reason for each departure from its defaults. */
final class StreamsSettings {
  private static final String DEFAULT_APPLICATION = "cnn2gnn-streams";
  private static final int MEGABYTE = 1 << 20;

  private StreamsSettings() {}

  static Properties of(AppConfig config) throws IOException {
    Map<String, String> clients = config.clients();
    String guarantee =
        clients.getOrDefault(
            StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.EXACTLY_ONCE_V2);
    if (!guarantee.equals(StreamsConfig.EXACTLY_ONCE_V2)) {
      throw new IllegalArgumentException(
          "processing.guarantee must stay exactly_once_v2: with "
              + guarantee
              + " images would be predicted twice or lost");
    }
    int record = Math.addExact(config.topology().maxRecordBytes(), MEGABYTE);
    Properties p = new Properties();
    p.put(StreamsConfig.APPLICATION_ID_CONFIG, DEFAULT_APPLICATION);
    p.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, guarantee);
    p.put(StreamsConfig.ENSURE_EXPLICIT_INTERNAL_RESOURCE_NAMING_CONFIG, true);
    // The default extractor would die of a record without a timestamp, and again after each
    // restart.
    p.put(
        StreamsConfig.DEFAULT_TIMESTAMP_EXTRACTOR_CLASS_CONFIG,
        UsePartitionTimeOnInvalidTimestamp.class);
    // The poll is what the batch timer waits behind; its default of 100 ms would be the latency.
    p.put(StreamsConfig.POLL_MS_CONFIG, 5);
    p.put(StreamsConfig.COMMIT_INTERVAL_MS_CONFIG, 50);
    // Pending images live in the record cache until they are classified or committed.
    p.put(StreamsConfig.STATESTORE_CACHE_MAX_BYTES_CONFIG, 64 * MEGABYTE);
    p.put(StreamsConfig.consumerPrefix(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG), "earliest");
    p.put(StreamsConfig.consumerPrefix(ConsumerConfig.MAX_POLL_RECORDS_CONFIG), 500);
    p.put(StreamsConfig.consumerPrefix(ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG), record);
    p.put(StreamsConfig.producerPrefix(ProducerConfig.MAX_REQUEST_SIZE_CONFIG), record);
    // Streams' 16 KB would send nearly every prediction on its own.
    p.put(StreamsConfig.producerPrefix(ProducerConfig.BATCH_SIZE_CONFIG), 256 << 10);
    p.put(StreamsConfig.producerPrefix(ProducerConfig.LINGER_MS_CONFIG), 5);
    p.put(
        StreamsConfig.producerPrefix(ProducerConfig.BUFFER_MEMORY_CONFIG),
        Math.max(32L * MEGABYTE, 4L * record));
    p.putAll(clients);
    String instance = StreamsConfig.consumerPrefix(ConsumerConfig.GROUP_INSTANCE_ID_CONFIG);
    if (!p.containsKey(instance) && !p.containsKey(ConsumerConfig.GROUP_INSTANCE_ID_CONFIG)) {
      p.put(instance, instanceId(p));
    }
    return p;
  }

  /**
   * A static member comes back after a crash without waiting for its former self's session to end
   * (seconds, not 45). The id lives in the state directory, which only one process can hold, so two
   * instances never share it.
   */
  private static String instanceId(Properties p) throws IOException {
    Path state =
        Path.of(
            (String)
                p.getOrDefault(
                    StreamsConfig.STATE_DIR_CONFIG,
                    Path.of(System.getProperty("java.io.tmpdir"), "kafka-streams").toString()));
    Path directory =
        state.resolve((String) p.get(StreamsConfig.APPLICATION_ID_CONFIG) + "-instance");
    Files.createDirectories(directory);
    Path file = directory.resolve("id");
    if (!Files.exists(file)) {
      Files.writeString(file, UUID.randomUUID().toString());
    }
    return Files.readString(file).strip();
  }
}
