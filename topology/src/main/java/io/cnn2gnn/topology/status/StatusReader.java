package io.cnn2gnn.topology.status;

import io.cnn2gnn.topology.app.Access;
import io.cnn2gnn.topology.app.AccessTable;
import io.cnn2gnn.topology.app.AppConfig;
import io.cnn2gnn.topology.app.BrokerFaults;
import io.cnn2gnn.topology.app.Footprint;
import io.cnn2gnn.topology.app.StartupException;
import io.cnn2gnn.topology.app.Topics;
import io.cnn2gnn.topology.backlog.BacklogReader;
import io.cnn2gnn.topology.backlog.GroupOffsets;
import io.cnn2gnn.topology.flow.TopicNames;
import io.cnn2gnn.topology.status.ServiceStatus.Models;
import io.confluent.kafka.schemaregistry.client.SchemaRegistryClient;
import java.time.Clock;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;

/**
 * Reads how a service stands, of each topic its end or a part of bounded size, and writes nothing.
 */
public final class StatusReader {
  private static final int POLL_RECORDS = 500;

  private final TopicNames topics;
  private final Footprint footprint;
  private final Clock clock;

  /** Of the service with this configuration. */
  public StatusReader(AppConfig config, Clock clock) {
    this.topics = config.topology().topics();
    this.footprint = Footprint.of(config);
    this.clock = clock;
  }

  /** Gives a registry, or says why there is none. */
  @FunctionalInterface
  public interface Registry {
    /**
     * The registry.
     *
     * @throws Exception whose message says why models are not told of
     */
    SchemaRegistryClient open() throws Exception;
  }

  /**
   * Asks.
   *
   * @throws StartupException in one line, if the broker does not answer, or refuses, or there is no
   *     topic of images
   */
  public ServiceStatus read(Registry registry) throws StartupException {
    List<Access> needed = AccessTable.status(topics, footprint.applicationId());
    Set<String> present = new HashSet<>(Access.topics(needed).keySet());
    present.removeAll(Topics.missing(footprint.clients(), needed));
    if (!present.contains(topics.images())) {
      throw new StartupException(
          "%s has no topic %s: is cnn2gnn.topic.images right?"
              .formatted(Topics.broker(footprint.clients()), topics.images()));
    }
    return Topics.call(footprint.clients(), admin -> read(admin, present, registry));
  }

  private ServiceStatus read(Admin admin, Set<String> present, Registry registry)
      throws ExecutionException, InterruptedException, StartupException {
    Instant at = clock.instant();
    try (BacklogReader backlog = backlog(admin);
        Consumer<byte[], byte[]> consumer =
            new KafkaConsumer<>(
                settings(POLL_RECORDS), new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
      return new ServiceStatus(
          footprint.applicationId(),
          at,
          backlog.read(),
          GroupMembers.of(admin, footprint.applicationId(), topics.images()),
          OpenLabels.of(
              GroupOffsets.of(admin, footprint.applicationId()),
              consumer,
              topics.labels(),
              footprint.waitingChangelog()),
          RecentDeadLetters.of(consumer, topics.deadLetters(), at),
          models(consumer, present, registry));
    } catch (InterruptException e) {
      // Kafka leaves the flag set, and with it set a client could not close in good order.
      Thread.interrupted();
      throw new InterruptedException("interrupted while reading");
    } catch (KafkaException e) {
      String broker = Topics.broker(footprint.clients());
      throw new StartupException(
          BrokerFaults.explain(broker, e)
              .orElse("%s did not give what was asked for: %s".formatted(broker, e.getMessage())),
          e);
    } catch (IllegalStateException e) {
      throw new StartupException(e.getMessage(), e);
    }
  }

  private BacklogReader backlog(Admin admin) {
    return new BacklogReader(
        topics.images(),
        footprint.pendingChangelog(),
        GroupOffsets.of(admin, footprint.applicationId()),
        () ->
            new KafkaConsumer<>(
                settings(1), new ByteArrayDeserializer(), new ByteArrayDeserializer()),
        // Its age is not known then, and that is said.
        (what, error) -> {});
  }

  private Map<String, Object> settings(int pollRecords) {
    Map<String, Object> settings = new HashMap<>(BacklogReader.settings(footprint.reader()));
    settings.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, pollRecords);
    return settings;
  }

  private Models models(Consumer<byte[], byte[]> consumer, Set<String> present, Registry registry) {
    SchemaRegistryClient open;
    try {
      open = registry.open();
    } catch (Exception e) {
      return new Models(List.of(), Optional.empty(), Optional.of(String.valueOf(e.getMessage())));
    }
    return new ModelsInUse(
            open,
            () ->
                new KafkaConsumer<>(
                    settings(POLL_RECORDS), new StringDeserializer(), new ByteArrayDeserializer()))
        .read(consumer, topics, present);
  }
}
