package io.cnn2gnn.topology.app;

import io.cnn2gnn.model.graph.Candidates;
import io.cnn2gnn.topology.TopicNames;
import io.cnn2gnn.topology.TopologyConfig;
import io.cnn2gnn.topology.bank.BankConfig;
import io.cnn2gnn.topology.bank.BankConfig.Admission;
import io.cnn2gnn.topology.batching.BatchConfig;
import io.cnn2gnn.topology.reference.AllowList;
import io.cnn2gnn.topology.reference.ReferenceConfig;
import io.cnn2gnn.topology.release.ReleaseConfig;
import io.cnn2gnn.topology.release.ShadowConfig;
import io.cnn2gnn.topology.release.ShadowConfig.Promotion;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * A service's configuration, read from properties. Keys that begin with {@code cnn2gnn.} are this
 * application's; every other key passes through to the Kafka and registry clients.
 *
 * @param bundle the model to serve
 * @param device auto, cpu or gpu
 * @param candidates which nodes may be neighbours
 * @param topology shape of the topology
 * @param references which images by reference are fetched
 * @param releases which releases are followed
 * @param createTopics whether missing user topics are created at start
 * @param partitions of topics that are created
 * @param httpPort of health and metrics, on loopback unless httpHost says otherwise; -1 for none
 * @param httpHost address that the endpoints bind to
 * @param httpAdvertised host and port by which other instances reach them, if not by those two
 * @param clients everything else
 */
public record AppConfig(
    Path bundle,
    String device,
    Candidates candidates,
    TopologyConfig topology,
    ReferenceConfig references,
    ReleaseConfig releases,
    boolean createTopics,
    int partitions,
    String httpHost,
    int httpPort,
    Optional<String> httpAdvertised,
    Map<String, String> clients) {
  public static final String PREFIX = "cnn2gnn.";
  public static final String BUNDLE = PREFIX + "model.bundle";
  public static final String HTTP_PORT = PREFIX + "http.port";
  public static final String HTTP_ADVERTISED = PREFIX + "http.advertised";
  public static final String PARTITIONS = PREFIX + "topics.partitions";
  public static final String DEVICE = PREFIX + "model.device";

  public AppConfig {
    clients = Map.copyOf(clients);
    for (String required : new String[] {"bootstrap.servers", "schema.registry.url"}) {
      if (clients.getOrDefault(required, "").isBlank()) {
        throw new IllegalArgumentException(required + " is not set");
      }
    }
    if (partitions < 1) {
      throw new IllegalArgumentException(PARTITIONS + " must be positive: " + partitions);
    }
  }

  /**
   * Reads properties.
   *
   * @throws IllegalArgumentException naming the key that is missing, unknown or out of range
   */
  public static AppConfig of(Map<String, String> properties) {
    Reader r = new Reader(properties);
    TopicNames names = TopicNames.DEFAULT;
    AppConfig config =
        new AppConfig(
            Path.of(r.required(BUNDLE)),
            r.text(DEVICE, "auto"),
            r.choice("graph.candidates", Candidates.BOTH),
            new TopologyConfig(
                new TopicNames(
                    r.own("topic.images", names.images()),
                    r.own("topic.predictions", names.predictions()),
                    r.own("topic.dead.letters", names.deadLetters()),
                    r.own("topic.models", names.models()),
                    r.own("topic.model.events", names.modelEvents())),
                new BatchConfig(
                    r.integer("batch.max.images", 64),
                    Duration.ofMillis(r.number("batch.max.wait.ms", 50)),
                    r.number("batch.max.bytes", 32 << 20)),
                new BankConfig(
                    r.integer("bank.capacity", 2048),
                    r.choice("bank.admission", Admission.CONFIDENT),
                    (float) r.decimal("bank.min.confidence", 0.9)),
                r.number("image.max.pixels", 25_000_000),
                r.integer("record.max.bytes", 8 << 20),
                r.integer("prediction.top.k", 3),
                Duration.ofMillis(r.number("registry.patience.ms", 3_000))),
            new ReferenceConfig(
                AllowList.of(AllowList.IMAGES, r.text(AllowList.IMAGES, "")),
                r.number("reference.max.bytes", 32 << 20),
                Duration.ofMillis(r.number("reference.timeout.ms", 2_000))),
            new ReleaseConfig(
                AllowList.of(AllowList.BUNDLES, r.text(AllowList.BUNDLES, "")),
                Duration.ofMillis(r.number("release.timeout.ms", 60_000)),
                r.own("model.name", ""),
                new ShadowConfig(
                    r.integer("shadow.batches", 200),
                    r.choice("shadow.promotion", Promotion.HAND),
                    r.decimal("shadow.min.agreement", 0.8),
                    r.decimal("shadow.max.slowdown", 3))),
            Boolean.parseBoolean(r.own("topics.create", "true")),
            r.integer("topics.partitions", 2),
            r.own("http.host", "127.0.0.1"),
            r.integer("http.port", -1),
            Optional.of(r.text(HTTP_ADVERTISED, "")).filter(text -> !text.isEmpty()),
            r.clients());
    r.rejectUnknown();
    Advertised.of(config); // or says what is wrong with it
    return config;
  }

  /** Reads keys and remembers which, so that a misspelt one is not silently ignored. */
  private static final class Reader {
    private final Map<String, String> properties;
    private final Set<String> known = new HashSet<>();

    Reader(Map<String, String> properties) {
      this.properties = properties;
    }

    String text(String key, String otherwise) {
      known.add(key);
      return properties.getOrDefault(key, otherwise).strip();
    }

    String own(String key, String otherwise) {
      return text(PREFIX + key, otherwise);
    }

    String required(String key) {
      String value = text(key, "");
      if (value.isEmpty()) {
        throw new IllegalArgumentException(key + " is not set");
      }
      return value;
    }

    long number(String key, long otherwise) {
      String value = own(key, Long.toString(otherwise));
      try {
        return Long.parseLong(value);
      } catch (NumberFormatException e) {
        throw new IllegalArgumentException(PREFIX + key + " must be a whole number: " + value, e);
      }
    }

    int integer(String key, int otherwise) {
      long value = number(key, otherwise);
      if (value != (int) value) {
        throw new IllegalArgumentException(
            "%s%s must not exceed %d: %d".formatted(PREFIX, key, Integer.MAX_VALUE, value));
      }
      return (int) value;
    }

    double decimal(String key, double otherwise) {
      String value = own(key, Double.toString(otherwise));
      try {
        return Double.parseDouble(value);
      } catch (NumberFormatException e) {
        throw new IllegalArgumentException(PREFIX + key + " must be a number: " + value, e);
      }
    }

    <E extends Enum<E>> E choice(String key, E otherwise) {
      String value = own(key, otherwise.name());
      E[] all = otherwise.getDeclaringClass().getEnumConstants();
      for (E one : all) {
        if (one.name().equals(value.toUpperCase(Locale.ROOT))) {
          return one;
        }
      }
      throw new IllegalArgumentException(
          PREFIX + key + " must be one of " + Arrays.toString(all) + ": " + value);
    }

    Map<String, String> clients() {
      Map<String, String> clients = new TreeMap<>(properties);
      clients.keySet().removeIf(key -> key.startsWith(PREFIX));
      return clients;
    }

    void rejectUnknown() {
      for (String key : properties.keySet()) {
        if (key.startsWith(PREFIX) && !known.contains(key)) {
          throw new IllegalArgumentException(
              "unknown key " + key + "; the README's configuration table lists them all");
        }
      }
    }
  }
}
