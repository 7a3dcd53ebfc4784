package io.cnn2gnn.topology.app;

import io.cnn2gnn.topology.flow.Nodes;
import io.cnn2gnn.topology.flow.TopicNames;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.streams.StreamsConfig;

/**
 * What a service of this configuration leaves on its broker and on this machine, beside the user
 * topics.
 *
 * @param applicationId also the name of its group
 * @param images the topic that it reads
 * @param pendingChangelog of the images that wait for their batch
 * @param bankChangelog of the bank
 * @param recentChangelog of the recent answers
 * @param taught topics of what labels have taught, and of those that wait for their image
 * @param state folder of Kafka Streams
 * @param instances folder with the ids of static members
 * @param session how long the group keeps a static member that has stopped
 * @param clients client properties
 * @param reader settings of a consumer that is in no group
 */
public record Footprint(
    String applicationId,
    String images,
    String pendingChangelog,
    String bankChangelog,
    String recentChangelog,
    List<String> taught,
    Path state,
    Path instances,
    Duration session,
    Map<String, String> clients,
    Map<String, Object> reader) {
  private static final Pattern LEGAL =
      Pattern.compile("[a-zA-Z0-9._-]*[a-zA-Z0-9_-][a-zA-Z0-9._-]*");
  private static final String SESSION_DEFAULT = "45000";

  public Footprint {
    taught = List.copyOf(taught);
    clients = Map.copyOf(clients);
    reader = Map.copyOf(reader);
    // It becomes part of names of topics and folders that are deleted.
    if (!LEGAL.matcher(applicationId).matches()) {
      throw new IllegalArgumentException(
          "application.id may have letters, digits, '.', '_' and '-': " + applicationId);
    }
  }

  /** That of a service with this configuration. */
  public static Footprint of(AppConfig config) {
    Properties settings = StreamsSettings.of(config);
    String application = StreamsSettings.applicationId(settings);
    Map<String, Object> reader =
        new HashMap<>(new StreamsConfig(settings).getRestoreConsumerConfigs("cnn2gnn-upkeep"));
    reader.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
    reader.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
    reader.values().removeIf(Objects::isNull);
    return new Footprint(
        application,
        config.topology().topics().images(),
        changelog(application, Nodes.PENDING_STORE),
        changelog(application, Nodes.BANK_STORE),
        changelog(application, Nodes.RECENT_STORE),
        List.of(changelog(application, Nodes.WAITING_STORE), TopicNames.labelled(application)),
        StreamsSettings.stateFolder(settings),
        StreamsSettings.instanceFolder(settings),
        session(config.clients()),
        config.clients(),
        reader);
  }

  /**
   * The topics behind an application's stores, of which each has a partition for each of images.
   */
  static List<String> changelogs(String application) {
    return Stream.of(Nodes.PENDING_STORE, Nodes.BANK_STORE, Nodes.RECENT_STORE, Nodes.WAITING_STORE)
        .map(store -> changelog(application, store))
        .toList();
  }

  /** The changelog of the labels that wait for their image. */
  public String waitingChangelog() {
    return changelog(applicationId, Nodes.WAITING_STORE);
  }

  /** Kafka Streams' name for the topic behind a store. */
  static String changelog(String application, String store) {
    return application + "-" + store + "-changelog";
  }

  private static Duration session(Map<String, String> clients) {
    String key = ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG;
    for (String prefix :
        List.of(StreamsConfig.MAIN_CONSUMER_PREFIX, StreamsConfig.CONSUMER_PREFIX, "")) {
      String millis = clients.get(prefix + key);
      if (millis != null) {
        return Duration.ofMillis(Long.parseLong(millis.strip()));
      }
    }
    return Duration.ofMillis(Long.parseLong(SESSION_DEFAULT));
  }

  /**
   * Topics of the state that belongs to a place in the images topic, by their exact names. What
   * people have taught is not of it.
   */
  List<String> internalTopics() {
    // Not by prefix: another application's id may begin with this one's.
    return List.of(bankChangelog, pendingChangelog, recentChangelog);
  }
}
