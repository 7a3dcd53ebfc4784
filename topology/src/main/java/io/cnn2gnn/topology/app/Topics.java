package io.cnn2gnn.topology.app;

import io.cnn2gnn.topology.TopicNames;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.TopicExistsException;

/** The user topics: created where missing, since brokers with auto-creation off have none. */
public final class Topics {
  private static final int TIMEOUT_SECONDS = 15;

  private Topics() {}

  /**
   * Creates what is missing, or says what is missing when it may not create.
   *
   * @throws StartupException if the broker cannot be reached in fifteen seconds or refuses
   */
  public static void ensure(AppConfig config) throws StartupException {
    TopicNames names = config.topology().topics();
    Map<String, String> large =
        Map.of(
            TopicConfig.MAX_MESSAGE_BYTES_CONFIG,
            Integer.toString(config.topology().maxRecordBytes()));
    List<NewTopic> wanted =
        List.of(
            topic(names.images(), config.partitions()).configs(large),
            topic(names.predictions(), config.partitions()),
            topic(names.deadLetters(), config.partitions()).configs(large),
            topic(names.models(), 1)
                .configs(
                    Map.of(TopicConfig.CLEANUP_POLICY_CONFIG, TopicConfig.CLEANUP_POLICY_COMPACT)));
    String servers = config.clients().get(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG);
    try (Admin admin = Admin.create(adminProperties(config))) {
      Set<String> present = admin.listTopics().names().get(TIMEOUT_SECONDS, TimeUnit.SECONDS);
      List<NewTopic> missing = new ArrayList<>(wanted);
      missing.removeIf(topic -> present.contains(topic.name()));
      if (missing.isEmpty()) {
        return;
      }
      if (!config.createTopics()) {
        throw new StartupException(
            "topics %s are missing: create them, or set cnn2gnn.topics.create=true"
                .formatted(missing.stream().map(NewTopic::name).toList()));
      }
      for (NewTopic topic : missing) {
        create(admin, topic);
      }
    } catch (TimeoutException e) {
      throw new StartupException(
          "no broker answers at %s within %d s: is it up, and is bootstrap.servers right?"
              .formatted(servers, TIMEOUT_SECONDS),
          e);
    } catch (ExecutionException e) {
      throw new StartupException(
          "the broker at %s refused: %s".formatted(servers, e.getCause().getMessage()), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new StartupException("interrupted while creating topics", e);
    } catch (org.apache.kafka.common.KafkaException e) {
      throw new StartupException(
          "bootstrap.servers=%s cannot be used: %s".formatted(servers, rootMessage(e)), e);
    }
  }

  private static String rootMessage(Throwable e) {
    return e.getCause() == null ? e.getMessage() : rootMessage(e.getCause());
  }

  private static void create(Admin admin, NewTopic topic)
      throws InterruptedException, ExecutionException, TimeoutException {
    try {
      admin.createTopics(List.of(topic)).all().get(TIMEOUT_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      // Another instance was quicker.
      if (!(e.getCause() instanceof TopicExistsException)) {
        throw e;
      }
    }
  }

  private static NewTopic topic(String name, int partitions) {
    return new NewTopic(name, Optional.of(partitions), Optional.empty());
  }

  private static Map<String, Object> adminProperties(AppConfig config) {
    Map<String, Object> properties = new java.util.HashMap<>(config.clients());
    properties.keySet().retainAll(AdminClientConfig.configNames());
    return properties;
  }
}
