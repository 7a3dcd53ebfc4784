package io.cnn2gnn.topology.app;

import io.cnn2gnn.topology.flow.TopicNames;
import io.cnn2gnn.topology.release.ShadowConfig.Promotion;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.resource.ResourceType;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The user topics: created where missing, since brokers with auto-creation off have none, and
 * checked where present, since a limit that another had set would only show at the first large
 * image.
 */
public final class Topics {
  private static final Logger LOG = LoggerFactory.getLogger(Topics.class);
  private static final int TIMEOUT_SECONDS = 10;
  private static final long LOOK_MILLIS = 100;
  private static final Map<String, String> COMPACTED =
      Map.of(TopicConfig.CLEANUP_POLICY_CONFIG, TopicConfig.CLEANUP_POLICY_COMPACT);
  private static final Map<String, String> LABELLED =
      Map.of(
          TopicConfig.CLEANUP_POLICY_CONFIG,
          TopicConfig.CLEANUP_POLICY_COMPACT,
          TopicConfig.SEGMENT_BYTES_CONFIG,
          Integer.toString(16 << 20));

  private Topics() {}

  /** A call to the broker whose faults become one-line messages. */
  public interface Call<T> {
    /** Makes it. */
    T with(Admin admin) throws ExecutionException, InterruptedException, StartupException;
  }

  /**
   * Checks that a topic is there and that we may do with it what we want.
   *
   * @param clients client properties, of which bootstrap.servers must be set
   * @return false if the topic is missing
   * @throws StartupException if no broker answers in ten seconds, or it refuses us, or one of the
   *     operations is not allowed
   */
  public static boolean present(
      Map<String, String> clients, String topic, Set<AclOperation> operations)
      throws StartupException {
    return call(
        clients,
        admin -> new Rights(admin, broker(clients)).missing(Map.of(topic, operations)).isEmpty());
  }

  /**
   * The topics of what a command needs that are missing; of the others it is checked that we may do
   * with them what it does.
   *
   * @throws StartupException as {@link #present}
   */
  public static Set<String> missing(Map<String, String> clients, List<Access> needed)
      throws StartupException {
    return call(
        clients,
        admin -> Set.copyOf(new Rights(admin, broker(clients)).missing(Access.topics(needed))));
  }

  /**
   * The largest record that a topic takes, compressed; empty if the broker does not let us know.
   *
   * @throws StartupException as {@link #present}
   */
  public static OptionalInt maxMessageBytes(Map<String, String> clients, String topic)
      throws StartupException {
    Integer bytes = call(clients, admin -> maxMessageBytes(admin, Set.of(topic))).get(topic);
    return bytes == null ? OptionalInt.empty() : OptionalInt.of(bytes);
  }

  /** How many partitions a topic has. */
  static int partitions(Admin admin, String topic) throws ExecutionException, InterruptedException {
    return admin
        .describeTopics(List.of(topic))
        .allTopicNames()
        .get()
        .get(topic)
        .partitions()
        .size();
  }

  /**
   * Creates what is missing, or says what is missing when it may not create, and checks the limits
   * of what is there.
   *
   * @throws StartupException as {@link #present}, or if a topic takes less than it must
   */
  static void ensure(AppConfig config) throws StartupException {
    Map<String, Set<AclOperation>> needed = Access.topics(ofService(config));
    call(
        config.clients(),
        admin -> {
          Rights rights = new Rights(admin, broker(config.clients()));
          List<String> missing = rights.missing(needed);
          if (!missing.isEmpty() && !config.createTopics()) {
            throw new StartupException(
                "topics %s are missing: create them, or set cnn2gnn.topics.create=true"
                    .formatted(missing));
          }
          String images = config.topology().topics().images();
          int partitions =
              missing.contains(images) ? config.partitions() : partitions(admin, images);
          for (NewTopic topic : wanted(config, partitions)) {
            if (missing.contains(topic.name())) {
              rights.create(topic);
            }
          }
          awaitSeen(rights, needed);
          Set<String> present = new HashSet<>(needed.keySet());
          present.removeAll(missing);
          checkLimits(admin, present, config);
          return missing;
        });
  }

  /**
   * Makes sure that there is the topic of an application's labelled tier: compacted, and of one
   * partition, so that its order is the same for everybody.
   *
   * @throws StartupException as {@link #present}, or if the topic is another's
   */
  static void ensureLabelled(AppConfig config, String applicationId) throws StartupException {
    String name = TopicNames.labelled(applicationId);
    Map<String, Set<AclOperation>> needed =
        Map.of(name, Set.of(AclOperation.READ, AclOperation.WRITE));
    int partitions =
        call(
            config.clients(),
            admin -> {
              Rights rights = new Rights(admin, broker(config.clients()));
              if (!rights.missing(needed).isEmpty()) {
                // Small segments, for every start reads what is not compacted yet.
                rights.create(topic(name, 1).configs(LABELLED));
                awaitSeen(rights, needed);
              }
              return partitions(admin, name);
            });
    if (partitions != 1) {
      throw new StartupException(
          "topic %s is to keep what labels have taught, and must have 1 partition, not %d"
              .formatted(name, partitions));
    }
  }

  private static List<Access> ofService(AppConfig config) {
    return AccessTable.run(
        config.topology().topics(),
        config.releases().follows(),
        config.releases().shadow().promotion() == Promotion.RULE);
  }

  /** A topic that was just created is not known to the whole broker at once. */
  private static void awaitSeen(Rights rights, Map<String, Set<AclOperation>> needed)
      throws ExecutionException, InterruptedException, StartupException {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(TIMEOUT_SECONDS);
    List<String> unseen = rights.missing(needed);
    while (!unseen.isEmpty()) {
      if (System.nanoTime() - deadline >= 0) {
        throw new StartupException(
            "topics %s were created, and the broker still does not know them after %d s"
                .formatted(unseen, TIMEOUT_SECONDS));
      }
      Thread.sleep(LOOK_MILLIS);
      unseen = rights.missing(needed);
    }
  }

  /**
   * Checks what Kafka Streams is going to do of itself: keep changelogs, join a group, and write
   * transactions.
   *
   * @throws StartupException as {@link #present}
   */
  static void checkInternal(AppConfig config, String applicationId) throws StartupException {
    call(
        config.clients(),
        admin -> {
          Rights rights = new Rights(admin, broker(config.clients()));
          List<Access> needed = AccessTable.streams(applicationId);
          for (String missing : rights.missing(Access.topics(needed))) {
            rights.requireCreate(missing);
          }
          for (String group : Access.names(needed, ResourceType.GROUP)) {
            rights.requireGroup(group);
          }
          for (String prefix : Access.names(needed, ResourceType.TRANSACTIONAL_ID)) {
            rights.requireTransactions(prefix);
          }
          return applicationId;
        });
  }

  private static void checkLimits(Admin admin, Set<String> present, AppConfig config)
      throws ExecutionException, InterruptedException, StartupException {
    Set<String> passed = passed(config);
    passed.retainAll(present);
    int record = config.topology().maxRecordBytes();
    String images = config.topology().topics().images();
    for (Map.Entry<String, Integer> has : maxMessageBytes(admin, passed).entrySet()) {
      String topic = has.getKey();
      new TopicLimit(topic, has.getValue()).check(record);
      if (topic.equals(images) && has.getValue() > record) {
        LOG.warn(
            "topic {} has max.message.bytes={}: of images above cnn2gnn.record.max.bytes={} only"
                + " cut dead letters are left",
            topic,
            has.getValue(),
            record);
      }
    }
  }

  /** The topics that records pass through. */
  static Set<String> passed(AppConfig config) {
    TopicNames names = config.topology().topics();
    return new LinkedHashSet<>(List.of(names.images(), names.predictions(), names.deadLetters()));
  }

  /** Without the topics whose configuration may not be read. */
  private static Map<String, Integer> maxMessageBytes(Admin admin, Set<String> topics)
      throws ExecutionException, InterruptedException {
    Map<String, Integer> limits = new LinkedHashMap<>();
    var configs =
        admin
            .describeConfigs(
                topics.stream()
                    .map(topic -> new ConfigResource(ConfigResource.Type.TOPIC, topic))
                    .toList())
            .values();
    for (String topic : topics) {
      try {
        Config config = configs.get(new ConfigResource(ConfigResource.Type.TOPIC, topic)).get();
        limits.put(
            topic, Integer.valueOf(config.get(TopicConfig.MAX_MESSAGE_BYTES_CONFIG).value()));
      } catch (ExecutionException e) {
        if (!(e.getCause() instanceof AuthorizationException)) {
          throw e;
        }
        LOG.warn("the limit of topic {} is not checked: {}", topic, e.getCause().getMessage());
      }
    }
    return limits;
  }

  /**
   * The user topics as they are created.
   *
   * @param partitions of those that belong together
   */
  static List<NewTopic> wanted(AppConfig config, int partitions) {
    TopicNames names = config.topology().topics();
    Map<String, String> large =
        Map.of(
            TopicConfig.MAX_MESSAGE_BYTES_CONFIG,
            Integer.toString(config.topology().maxRecordBytes()));
    return List.of(
        topic(names.images(), partitions).configs(large),
        topic(names.predictions(), partitions).configs(large),
        topic(names.deadLetters(), partitions).configs(large),
        topic(names.labels(), partitions),
        topic(names.labelOutcomes(), partitions),
        topic(names.models(), 1).configs(COMPACTED),
        topic(names.modelEvents(), 1));
  }

  private static NewTopic topic(String name, int partitions) {
    return new NewTopic(name, Optional.of(partitions), Optional.empty());
  }

  /**
   * Where a partition ends, with the records of transactions that are open, which consumers of
   * committed records do not count.
   *
   * @throws KafkaException if the broker does not say
   */
  static long end(Map<String, String> clients, TopicPartition partition) {
    try {
      return call(
          clients,
          admin ->
              admin
                  .listOffsets(
                      Map.of(partition, OffsetSpec.latest()),
                      new ListOffsetsOptions(IsolationLevel.READ_UNCOMMITTED))
                  .partitionResult(partition)
                  .get()
                  .offset());
    } catch (StartupException e) {
      throw new KafkaException(e.getMessage(), e);
    }
  }

  /**
   * Makes a call.
   *
   * @throws StartupException in one line, if no broker answers in ten seconds, or it refuses us
   */
  public static <T> T call(Map<String, String> clients, Call<T> call) throws StartupException {
    String servers = clients.get(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG);
    Map<String, Object> properties = new HashMap<>(clients);
    properties.keySet().retainAll(AdminClientConfig.configNames());
    // Closing waits for calls under way, so these must be as short as our patience.
    int millis = TIMEOUT_SECONDS * 1000;
    properties.putIfAbsent(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, millis);
    properties.putIfAbsent(AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, millis);
    try (Admin admin = Admin.create(properties)) {
      return call.with(admin);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof TimeoutException) {
        throw new StartupException(
            ("no broker answers at %s within %d s: is it up, is security.protocol the one that it"
                    + " speaks there, and is the address right?")
                .formatted(servers, TIMEOUT_SECONDS),
            e);
      }
      throw new StartupException(
          BrokerFaults.explain(broker(clients), e)
              .orElse("%s refused: %s".formatted(broker(clients), e.getCause().getMessage())),
          e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new StartupException("interrupted while asking the broker at " + servers, e);
    } catch (KafkaException e) {
      throw new StartupException(
          BrokerFaults.explain(broker(clients), e)
              .orElse(
                  "no client can be made for bootstrap.servers %s: %s"
                      .formatted(servers, reasons(e))),
          e);
    }
  }

  /** As messages name it. */
  public static String broker(Map<String, String> clients) {
    return "the broker at " + clients.get(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG);
  }

  /** Kafka says what it could not make; what was wrong is in the causes of causes. */
  private static String reasons(KafkaException fault) {
    List<String> messages = new ArrayList<>();
    for (Throwable e = fault; e != null; e = e.getCause()) {
      String message = String.valueOf(e.getMessage());
      boolean repeats = e.getCause() != null && message.equals(e.getCause().toString());
      if (!message.startsWith("Failed to create new ") && !repeats) {
        messages.add(message);
      }
    }
    return messages.isEmpty()
        ? fault.getMessage()
        : String.join(": ", messages.subList(0, Math.min(2, messages.size())));
  }
}
