package io.cnn2gnn.topology.app;

import io.cnn2gnn.topology.TopicNames;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TopicExistsException;
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

  private Topics() {}

  /** A call to the broker whose faults become one-line messages. */
  interface Call<T> {
    T with(Admin admin) throws ExecutionException, InterruptedException, StartupException;
  }

  /**
   * The topics that the broker has.
   *
   * @param clients client properties, of which bootstrap.servers must be set
   * @throws StartupException if no broker answers in ten seconds, or it refuses
   */
  public static Set<String> present(Map<String, String> clients) throws StartupException {
    return call(clients, admin -> admin.listTopics().names().get());
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

  /**
   * How many partitions a topic has.
   *
   * @throws StartupException as {@link #present}
   */
  static int partitions(Map<String, String> clients, String topic) throws StartupException {
    return call(clients, admin -> partitions(admin, topic));
  }

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
    call(
        config.clients(),
        admin -> {
          Set<String> present = admin.listTopics().names().get();
          List<NewTopic> missing = new ArrayList<>(wanted(config));
          missing.removeIf(topic -> present.contains(topic.name()));
          if (!missing.isEmpty() && !config.createTopics()) {
            throw new StartupException(
                "topics %s are missing: create them, or set cnn2gnn.topics.create=true"
                    .formatted(missing.stream().map(NewTopic::name).toList()));
          }
          for (NewTopic topic : missing) {
            create(admin, topic);
          }
          checkLimits(admin, present, config);
          return missing;
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

  static List<NewTopic> wanted(AppConfig config) {
    TopicNames names = config.topology().topics();
    Map<String, String> large =
        Map.of(
            TopicConfig.MAX_MESSAGE_BYTES_CONFIG,
            Integer.toString(config.topology().maxRecordBytes()));
    Map<String, String> compacted =
        Map.of(TopicConfig.CLEANUP_POLICY_CONFIG, TopicConfig.CLEANUP_POLICY_COMPACT);
    return List.of(
        topic(names.images(), config.partitions()).configs(large),
        topic(names.predictions(), config.partitions()).configs(large),
        topic(names.deadLetters(), config.partitions()).configs(large),
        topic(names.models(), 1).configs(compacted),
        topic(names.modelEvents(), 1));
  }

  private static NewTopic topic(String name, int partitions) {
    return new NewTopic(name, Optional.of(partitions), Optional.empty());
  }

  private static void create(Admin admin, NewTopic topic)
      throws ExecutionException, InterruptedException {
    try {
      admin.createTopics(List.of(topic)).all().get();
    } catch (ExecutionException e) {
      // Another instance was quicker.
      if (!(e.getCause() instanceof TopicExistsException)) {
        throw e;
      }
    }
  }

  static <T> T call(Map<String, String> clients, Call<T> call) throws StartupException {
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
            "no broker answers at %s within %d s: is it up, and is the address right?"
                .formatted(servers, TIMEOUT_SECONDS),
            e);
      }
      throw new StartupException(
          "the broker at %s refused: %s".formatted(servers, e.getCause().getMessage()), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new StartupException("interrupted while asking the broker at " + servers, e);
    } catch (KafkaException e) {
      Throwable cause = e.getCause() == null ? e : e.getCause();
      throw new StartupException(
          "bootstrap.servers %s cannot be used: %s".formatted(servers, cause.getMessage()), e);
    }
  }
}
