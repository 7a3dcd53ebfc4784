package io.cnn2gnn.topology.app;

import io.cnn2gnn.intake.InputFormat;
import io.cnn2gnn.model.graph.Candidates;
import io.cnn2gnn.model.image.DecoderChoice;
import io.cnn2gnn.model.reference.AllowList;
import io.cnn2gnn.model.reference.ReferenceConfig;
import io.cnn2gnn.topology.TopologyConfig;
import io.cnn2gnn.topology.bank.BankConfig;
import io.cnn2gnn.topology.bank.BankConfig.Admission;
import io.cnn2gnn.topology.batching.BatchConfig;
import io.cnn2gnn.topology.commit.CommitConfig;
import io.cnn2gnn.topology.flow.TopicNames;
import io.cnn2gnn.topology.gather.InputTopics;
import io.cnn2gnn.topology.release.ReleaseConfig;
import io.cnn2gnn.topology.release.ShadowConfig;
import io.cnn2gnn.topology.release.ShadowConfig.Promotion;
import io.cnn2gnn.topology.teaching.TeachingConfig;
import java.nio.file.Path;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A service's configuration, read from properties. Keys that begin with {@code cnn2gnn.} are this
 * application's; every other key passes through to the Kafka and registry clients.
 *
 * @param bundle the model to serve
 * @param device auto, cpu or gpu
 * @param candidates which nodes may be neighbours
 * @param topology shape of the topology
 * @param input the format of images
 * @param output the format of predictions
 * @param decoder of image files
 * @param decodeThreads beside the stream threads, if that is said
 * @param references which images by reference are fetched
 * @param releases which releases are followed
 * @param createTopics whether missing user topics are created at start
 * @param partitions of topics that are created
 * @param httpPort of health and metrics, on loopback unless httpHost says otherwise; -1 for none
 * @param httpHost address that the endpoints bind to
 * @param httpAdvertised host and port by which other instances reach them, if not by those two
 * @param httpAllowedHosts by which names they may be asked besides; {@code *} for any
 * @param clients everything else
 */
public record AppConfig(
    Path bundle,
    String device,
    Candidates candidates,
    TopologyConfig topology,
    InputFormat input,
    OutputFormat output,
    DecoderChoice decoder,
    OptionalInt decodeThreads,
    ReferenceConfig references,
    ReleaseConfig releases,
    boolean createTopics,
    int partitions,
    String httpHost,
    int httpPort,
    Optional<String> httpAdvertised,
    Set<String> httpAllowedHosts,
    Map<String, String> clients) {
  public static final String PREFIX = "cnn2gnn.";
  public static final String BUNDLE = PREFIX + "model.bundle";
  public static final String HTTP_PORT = PREFIX + "http.port";
  public static final String HTTP_ADVERTISED = PREFIX + "http.advertised";
  public static final String DEVICE = PREFIX + "model.device";

  /** How predictions are written. */
  public enum OutputFormat {
    /** Avro in Confluent's wire format. */
    AVRO,
    /** Plain JSON, which no registry has to explain. */
    JSON
  }

  /** Whose labels an image hears of. */
  private enum Scope {
    ALL,
    SOURCE
  }

  public AppConfig {
    httpAllowedHosts = Set.copyOf(httpAllowedHosts);
    clients = Map.copyOf(clients);
    for (String required : new String[] {"bootstrap.servers", "schema.registry.url"}) {
      if (clients.getOrDefault(required, "").isBlank()) {
        throw new IllegalArgumentException(required + " is not set");
      }
    }
    if (decodeThreads.orElse(0) < 0) {
      throw new IllegalArgumentException(
          ConfigKey.DECODE_THREADS.key() + " must not be negative: " + decodeThreads.getAsInt());
    }
    if (partitions < 1) {
      throw new IllegalArgumentException(
          ConfigKey.TOPICS_PARTITIONS.key() + " must be positive: " + partitions);
    }
  }

  /**
   * Reads properties.
   *
   * @throws IllegalArgumentException naming the key that is missing, unknown or out of range
   */
  public static AppConfig of(Map<String, String> properties) {
    ConfigNames.check(properties.keySet());
    Reader r = new Reader(properties);
    AppConfig config =
        new AppConfig(
            Path.of(r.required(ConfigKey.MODEL_BUNDLE)),
            r.text(ConfigKey.MODEL_DEVICE),
            r.choice(ConfigKey.GRAPH_CANDIDATES, Candidates.class),
            new TopologyConfig(
                topics(r),
                inputs(r),
                new BatchConfig(
                    r.integer(ConfigKey.BATCH_MAX_IMAGES),
                    r.millis(ConfigKey.BATCH_MAX_WAIT_MS),
                    r.number(ConfigKey.BATCH_MAX_BYTES)),
                new CommitConfig(
                    r.millis(ConfigKey.COMMIT_MIN_INTERVAL_MS),
                    r.millis(ConfigKey.COMMIT_INTERVAL_MS)),
                new BankConfig(
                    r.integer(ConfigKey.BANK_CAPACITY),
                    r.choice(ConfigKey.BANK_ADMISSION, Admission.class),
                    (float) r.decimal(ConfigKey.BANK_MIN_CONFIDENCE)),
                new TeachingConfig(
                    r.integer(ConfigKey.LABELLED_CAPACITY),
                    r.integer(ConfigKey.LABELLED_PER_CLASS),
                    r.decimal(ConfigKey.LABELLED_PER_LABELLER),
                    r.integer(ConfigKey.LABELS_NEW_CLASSES),
                    r.choice(ConfigKey.LABELLED_SCOPE, Scope.class) == Scope.SOURCE,
                    r.integer(ConfigKey.LABELS_RECENT),
                    r.duration(ConfigKey.LABELS_PATIENCE)),
                r.number(ConfigKey.IMAGE_MAX_PIXELS),
                r.integer(ConfigKey.RECORD_MAX_BYTES),
                r.integer(ConfigKey.PREDICTION_TOP_K),
                r.duration(ConfigKey.REFERENCE_PATIENCE)),
            r.choice(ConfigKey.INPUT_FORMAT, InputFormat.class),
            r.choice(ConfigKey.OUTPUT_FORMAT, OutputFormat.class),
            r.choice(ConfigKey.IMAGE_DECODER, DecoderChoice.class),
            r.text(ConfigKey.DECODE_THREADS).isEmpty()
                ? OptionalInt.empty()
                : OptionalInt.of(r.integer(ConfigKey.DECODE_THREADS)),
            new ReferenceConfig(
                AllowList.of(AllowList.IMAGES, r.text(ConfigKey.REFERENCE_ALLOW)),
                r.number(ConfigKey.REFERENCE_MAX_BYTES),
                r.millis(ConfigKey.REFERENCE_TIMEOUT_MS)),
            new ReleaseConfig(
                AllowList.of(AllowList.BUNDLES, r.text(ConfigKey.RELEASE_ALLOW)),
                r.millis(ConfigKey.RELEASE_TIMEOUT_MS),
                r.text(ConfigKey.MODEL_NAME),
                new ShadowConfig(
                    r.integer(ConfigKey.SHADOW_BATCHES),
                    r.choice(ConfigKey.SHADOW_PROMOTION, Promotion.class),
                    r.decimal(ConfigKey.SHADOW_MIN_AGREEMENT),
                    r.decimal(ConfigKey.SHADOW_MAX_SLOWDOWN))),
            r.bool(ConfigKey.TOPICS_CREATE),
            r.integer(ConfigKey.TOPICS_PARTITIONS),
            r.text(ConfigKey.HTTP_HOST),
            r.integer(ConfigKey.HTTP_PORT),
            Optional.of(r.text(ConfigKey.HTTP_ADVERTISED)).filter(text -> !text.isEmpty()),
            HttpAddress.parse(r.text(ConfigKey.HTTP_ALLOWED_HOSTS)),
            r.clients());
    Advertised.of(config); // or says what is wrong with it
    return config;
  }

  private static TopicNames topics(Reader r) {
    String images = r.text(ConfigKey.TOPIC_IMAGES);
    String labels = r.text(ConfigKey.TOPIC_LABELS, TopicNames.labelsOf(images));
    return new TopicNames(
        images,
        r.text(ConfigKey.TOPIC_PREDICTIONS),
        r.text(ConfigKey.TOPIC_DEAD_LETTERS),
        labels,
        r.text(ConfigKey.TOPIC_LABEL_OUTCOMES, TopicNames.outcomesOf(labels)),
        r.text(ConfigKey.TOPIC_MODELS),
        r.text(ConfigKey.TOPIC_MODEL_EVENTS));
  }

  private static InputTopics inputs(Reader r) {
    String keys = ConfigKey.INPUT_TOPICS.key() + ", " + ConfigKey.INPUT_TOPICS_REGEX.key();
    try {
      return InputTopics.of(r.text(ConfigKey.INPUT_TOPICS), r.text(ConfigKey.INPUT_TOPICS_REGEX));
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(keys + ": " + e.getMessage(), e);
    }
  }

  /** Reads values by their keys. */
  private record Reader(Map<String, String> properties) {
    private static final Pattern DURATION = Pattern.compile("([0-9]{1,9})(ms|s|m|h|d)");
    private static final Map<String, ChronoUnit> UNITS =
        Map.of(
            "ms",
            ChronoUnit.MILLIS,
            "s",
            ChronoUnit.SECONDS,
            "m",
            ChronoUnit.MINUTES,
            "h",
            ChronoUnit.HOURS,
            "d",
            ChronoUnit.DAYS);

    String text(ConfigKey key) {
      return properties.getOrDefault(key.key(), key.otherwise()).strip();
    }

    String text(ConfigKey key, String otherwise) {
      String value = text(key);
      return value.isEmpty() ? otherwise : value;
    }

    String required(ConfigKey key) {
      String value = text(key);
      if (value.isEmpty()) {
        throw new IllegalArgumentException(key.key() + " is not set");
      }
      return value;
    }

    long number(ConfigKey key) {
      String value = text(key);
      try {
        return Long.parseLong(value);
      } catch (NumberFormatException e) {
        throw new IllegalArgumentException(key.key() + " must be a whole number: " + value, e);
      }
    }

    Duration millis(ConfigKey key) {
      return Duration.ofMillis(number(key));
    }

    Duration duration(ConfigKey key) {
      Matcher parts = DURATION.matcher(text(key));
      if (!parts.matches()) {
        throw new IllegalArgumentException(
            "%s must be a number and one of ms, s, m, h, d: %s".formatted(key.key(), text(key)));
      }
      return Duration.of(Long.parseLong(parts.group(1)), UNITS.get(parts.group(2)));
    }

    int integer(ConfigKey key) {
      long value = number(key);
      if (value != (int) value) {
        throw new IllegalArgumentException(
            "%s must not exceed %d: %d".formatted(key.key(), Integer.MAX_VALUE, value));
      }
      return (int) value;
    }

    double decimal(ConfigKey key) {
      String value = text(key);
      try {
        return Double.parseDouble(value);
      } catch (NumberFormatException e) {
        throw new IllegalArgumentException(key.key() + " must be a number: " + value, e);
      }
    }

    boolean bool(ConfigKey key) {
      String value = text(key).toLowerCase(Locale.ROOT);
      if (!value.equals("true") && !value.equals("false")) {
        throw new IllegalArgumentException(key.key() + " must be true or false: " + value);
      }
      return value.equals("true");
    }

    <E extends Enum<E>> E choice(ConfigKey key, Class<E> type) {
      String value = text(key);
      for (E one : type.getEnumConstants()) {
        if (one.name().equals(value.toUpperCase(Locale.ROOT))) {
          return one;
        }
      }
      throw new IllegalArgumentException(
          "%s must be one of %s: %s"
              .formatted(key.key(), Arrays.toString(type.getEnumConstants()), value));
    }

    Map<String, String> clients() {
      Map<String, String> clients = new TreeMap<>(properties);
      clients.keySet().removeIf(key -> key.startsWith(PREFIX));
      return clients;
    }
  }
}
