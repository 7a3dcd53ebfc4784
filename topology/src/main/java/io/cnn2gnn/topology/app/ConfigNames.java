package io.cnn2gnn.topology.app;

import io.cnn2gnn.schemas.SchemaRegistries;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.streams.StreamsConfig;

/** Tells names of keys that are right from those that are not. */
public final class ConfigNames {
  /** Longer ones come first, for they begin with the shorter ones. */
  private static final List<String> PREFIXES =
      List.of(
          StreamsConfig.MAIN_CONSUMER_PREFIX,
          StreamsConfig.RESTORE_CONSUMER_PREFIX,
          StreamsConfig.GLOBAL_CONSUMER_PREFIX,
          StreamsConfig.CONSUMER_PREFIX,
          StreamsConfig.PRODUCER_PREFIX,
          StreamsConfig.ADMIN_CLIENT_PREFIX,
          StreamsConfig.TOPIC_PREFIX,
          "schema.registry.");

  /** Beginnings of keys that their owners list nowhere. */
  private static final List<String> OPEN =
      List.of(
          StreamsConfig.TOPIC_PREFIX,
          "schema.registry.",
          "basic.auth.",
          "bearer.auth.",
          "request.header.",
          "proxy.");

  /** Who names one of these brings a plug-in, which may have keys of its own. */
  private static final Pattern PLUG_IN =
      Pattern.compile(".*[.](class|classes|reporters)|config[.]providers.*");

  /** More letters than this are another word. */
  private static final int SLIPS = 2;

  private static final Set<String> CLIENTS = clients();

  private ConfigNames() {}

  /**
   * Checks names of keys. One of this application has to be known, and so has one of a client,
   * unless the keys name a plug-in: it may have keys of its own, that are not nearly a known name.
   *
   * @throws IllegalArgumentException naming the key that is wrong, and the nearest right one
   */
  public static void check(Set<String> keys) {
    boolean plugIn = keys.stream().anyMatch(key -> PLUG_IN.matcher(key).matches());
    for (String key : keys) {
      if (key.startsWith(AppConfig.PREFIX)) {
        if (ConfigKey.of(key).isEmpty()) {
          throw new IllegalArgumentException("unknown key " + key + nearestOwn(key));
        }
      } else {
        checkClient(key, plugIn);
      }
    }
  }

  private static void checkClient(String key, boolean plugIn) {
    if (key.equals("key.subject.name.strategy")) {
      throw new IllegalArgumentException(
          key + " cannot be set: keys are plain text, and have no schema");
    }
    String plain =
        PREFIXES.stream()
            .filter(prefix -> key.startsWith(prefix) && !CLIENTS.contains(key))
            .findFirst()
            .map(prefix -> key.substring(prefix.length()))
            .orElse(key);
    if (!CLIENTS.contains(plain)) {
      Optional<String> meant = Nearest.of(plain, CLIENTS, SLIPS);
      if (meant.isPresent()) {
        String prefix = key.substring(0, key.length() - plain.length());
        throw new IllegalArgumentException(
            "unknown key %s: did you mean %s%s?".formatted(key, prefix, meant.get()));
      }
      if (!plugIn && OPEN.stream().noneMatch(key::startsWith) && ConfigKey.of(key).isEmpty()) {
        throw new IllegalArgumentException(
            "unknown key %s: neither this application nor a client of Kafka or of the registry reads"
                    .formatted(key)
                + " it; cnn2gnn config --keys lists the application's");
      }
    }
  }

  private static String nearestOwn(String key) {
    List<String> own =
        Arrays.stream(ConfigKey.values()).filter(ConfigKey::isOwn).map(ConfigKey::key).toList();
    return Nearest.of(key, own, key.length() / 3)
        .map(meant -> ": did you mean " + meant + "?")
        .orElse("; cnn2gnn config --keys lists them all");
  }

  private static Set<String> clients() {
    Set<String> names = new TreeSet<>(SchemaRegistries.keys());
    names.addAll(StreamsConfig.configDef().names());
    names.addAll(ConsumerConfig.configNames());
    names.addAll(ProducerConfig.configNames());
    names.addAll(AdminClientConfig.configNames());
    return names;
  }
}
