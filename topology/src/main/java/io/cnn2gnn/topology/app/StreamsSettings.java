package io.cnn2gnn.topology.app;

import io.cnn2gnn.topology.pages.HttpPeers;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.state.HostInfo;

/** What Kafka Streams is told, with the reason for each departure from its defaults. */
final class StreamsSettings {
  private static final int MEGABYTE = 1 << 20;
  private static final int HEARTBEAT_MILLIS = 500;
  private static final int PRODUCER_BACKOFF_MILLIS = 10;
  private static final int METADATA_MAX_AGE_MILLIS = 30_000;

  private StreamsSettings() {}

  /** A default under a client's prefix would outrank a key that the user gave without it. */
  private static void byDefault(
      Properties p, Map<String, String> clients, String prefix, String key, Object value) {
    if (!clients.containsKey(key)) {
      p.put(prefix + key, value);
    }
  }

  static Properties of(AppConfig config) {
    Map<String, String> clients = config.clients();
    FixedSettings.check(clients);
    int record = Math.addExact(config.topology().maxRecordBytes(), MEGABYTE);
    Properties p = new Properties();
    p.put(StreamsConfig.APPLICATION_ID_CONFIG, ConfigKey.APPLICATION_ID.otherwise());
    p.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.EXACTLY_ONCE_V2);
    p.put(StreamsConfig.ENSURE_EXPLICIT_INTERNAL_RESOURCE_NAMING_CONFIG, true);
    // There is no global store, and Kafka warns five times at each start that this is off. Its
    // constant is deprecated, as the key goes with Kafka 5.
    p.put("processing.exception.handler.global.enabled", true);
    // A partition of labels that is paused or slow must not hold up the images of its task.
    p.put(StreamsConfig.MAX_TASK_IDLE_MS_CONFIG, -1L);
    // The default extractor would die of a record without a timestamp, and again after each
    // restart.
    p.put(StreamsConfig.DEFAULT_TIMESTAMP_EXTRACTOR_CLASS_CONFIG, RecordTime.class);
    // The poll is what the batch timer waits behind; its default of 100 ms would be the latency.
    p.put(StreamsConfig.POLL_MS_CONFIG, 5);
    // A thread with time to spare commits sooner: CommitPace.
    p.put(StreamsConfig.COMMIT_INTERVAL_MS_CONFIG, config.topology().commit().most().toMillis());
    // The record cache holds rows of the bank and offsets of open batches until a commit.
    p.put(StreamsConfig.STATESTORE_CACHE_MAX_BYTES_CONFIG, 64 * MEGABYTE);
    byDefault(
        p,
        clients,
        StreamsConfig.CONSUMER_PREFIX,
        ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
        "earliest");
    // A rebalance waits so long for a member that does not come back, such as a thread that was
    // fenced when its broker was lost: with the default its partitions stood still for five
    // minutes.
    byDefault(
        p,
        clients,
        StreamsConfig.CONSUMER_PREFIX,
        ConsumerConfig.MAX_POLL_INTERVAL_MS_CONFIG,
        Integer.parseInt(ConfigKey.MAX_POLL_INTERVAL_MS.otherwise()));
    // By its heartbeat a member learns that another one is gone: with the default it would stand by
    // for up to three seconds more.
    byDefault(
        p,
        clients,
        StreamsConfig.CONSUMER_PREFIX,
        ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG,
        HEARTBEAT_MILLIS);
    // So long partitions that the images topic has got more are not noticed: it was five minutes.
    byDefault(
        p,
        clients,
        StreamsConfig.CONSUMER_PREFIX,
        ConsumerConfig.METADATA_MAX_AGE_CONFIG,
        METADATA_MAX_AGE_MILLIS);
    byDefault(
        p,
        clients,
        StreamsConfig.CONSUMER_PREFIX,
        ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG,
        record);
    byDefault(
        p, clients, StreamsConfig.PRODUCER_PREFIX, ProducerConfig.MAX_REQUEST_SIZE_CONFIG, record);
    // Streams' 16 KB would send nearly every prediction on its own.
    byDefault(
        p, clients, StreamsConfig.PRODUCER_PREFIX, ProducerConfig.BATCH_SIZE_CONFIG, 256 << 10);
    byDefault(p, clients, StreamsConfig.PRODUCER_PREFIX, ProducerConfig.LINGER_MS_CONFIG, 5);
    // A transaction that begins while the broker still writes the end of the one before is sent
    // away to try again, and with the default waits for 100 ms: several answers in a hundred.
    byDefault(
        p,
        clients,
        StreamsConfig.PRODUCER_PREFIX,
        ProducerConfig.RETRY_BACKOFF_MS_CONFIG,
        PRODUCER_BACKOFF_MILLIS);
    byDefault(
        p,
        clients,
        StreamsConfig.PRODUCER_PREFIX,
        ProducerConfig.BUFFER_MEMORY_CONFIG,
        Math.max(32L * MEGABYTE, 4L * record));
    Advertised.of(config)
        .ifPresent(at -> p.put(StreamsConfig.APPLICATION_SERVER_CONFIG, HttpPeers.address(at)));
    if (ownsState(config)) {
      Path state = OwnStateFolder.of(System.getenv());
      OwnStateFolder.check(state);
      p.put(StreamsConfig.STATE_DIR_CONFIG, state.toString());
    }
    p.putAll(clients);
    return p;
  }

  /**
   * Of a consumer beside those of Kafka Streams. It is in no group, reads committed records from
   * the beginning, and has the user's security settings, as the consumer that restores stores.
   */
  static Map<String, Object> reading(Properties p, String clientId) {
    Map<String, Object> restoring = new StreamsConfig(p).getRestoreConsumerConfigs(clientId);
    restoring.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
    restoring.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
    restoring.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
    return restoring;
  }

  /** Makes the instance a static member, unless the user has chosen its id. */
  static void join(Properties p, InstanceId instance) {
    String key = ConsumerConfig.GROUP_INSTANCE_ID_CONFIG;
    if (!p.containsKey(key)) {
      p.putIfAbsent(StreamsConfig.consumerPrefix(key), instance.value());
    }
  }

  /** Where ids of instances are kept: beside the state of the same application. */
  static Path instanceFolder(Properties p) {
    return stateDir(p).resolve(applicationId(p) + "-instance");
  }

  /** Where Kafka Streams keeps what is on disk of its tasks. */
  static Path stateFolder(Properties p) {
    return stateDir(p).resolve(applicationId(p));
  }

  static String applicationId(Properties p) {
    return (String) p.get(StreamsConfig.APPLICATION_ID_CONFIG);
  }

  /** Whether the user has left it to us where state is kept. */
  private static boolean ownsState(AppConfig config) {
    return !config.clients().containsKey(StreamsConfig.STATE_DIR_CONFIG);
  }

  /** Makes the folder for state, if it is ours to make. */
  static void makeStateDir(AppConfig config, Properties p) {
    if (ownsState(config)) {
      OwnStateFolder.make(stateDir(p));
    }
  }

  private static Path stateDir(Properties p) {
    return Path.of(p.getProperty(StreamsConfig.STATE_DIR_CONFIG));
  }

  /** By which address other instances reach this one's endpoints; empty if they cannot. */
  static Optional<HostInfo> advertised(Properties p) {
    return Optional.ofNullable(
        HostInfo.buildFromEndpoint((String) p.get(StreamsConfig.APPLICATION_SERVER_CONFIG)));
  }
}
