package io.cnn2gnn.topology.app;

import io.cnn2gnn.intake.ImageRecords;
import io.cnn2gnn.model.reference.AllowList;
import io.cnn2gnn.topology.flow.TopicNames;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Every key of the configuration: the one place where its name, default and meaning are written.
 */
public enum ConfigKey {
  BOOTSTRAP_SERVERS("bootstrap.servers", "localhost:9092", "the brokers"),
  SCHEMA_REGISTRY_URL(
      "schema.registry.url",
      "http://localhost:8081",
      "also `basic.auth.*`, `schema.registry.ssl.*`, ..."),
  AUTO_REGISTER_SCHEMAS(
      "auto.register.schemas", "true", "`false`: the schemas must be there already"),
  APPLICATION_ID("application.id", "cnn2gnn-streams", "instances with the same one share the work"),
  STATE_DIR(
      "state.dir",
      "",
      "`cnn2gnn-streams` in `$XDG_STATE_HOME`, or else in `~/.local/state`",
      "keep it over restarts: recovery in seconds instead of 45; the default one must be this"
          + " user's alone"),
  NUM_STANDBY_REPLICAS(
      "num.standby.replicas",
      "",
      "Kafka's, 0",
      "`1`: another instance keeps a copy of the bank and takes over without restoring it"),
  MAX_POLL_RECORDS(
      "main.consumer.max.poll.records",
      "",
      "as many as fit, at most 500",
      "by the time per image that the warm-up measures: one poll must fit a third of"
          + " `transaction.timeout.ms`"),
  MAX_POLL_INTERVAL_MS(
      "max.poll.interval.ms", "60000", "so long a rebalance waits for a member that is lost"),
  COMMIT_INTERVAL_MS("commit.interval.ms", "200", "time between commits while a thread is behind"),
  COMMIT_MIN_INTERVAL_MS(
      "cnn2gnn.commit.min.interval.ms",
      "20",
      "time between commits, after a batch, while a thread keeps up; 200: as while it is behind"),
  MODEL_BUNDLE(AppConfig.BUNDLE, "", "the shipped bundle", "the model to begin with"),
  MODEL_DEVICE(AppConfig.DEVICE, "auto", "`auto`, `cpu`, `gpu`"),
  GRAPH_CANDIDATES(
      "cnn2gnn.graph.candidates",
      "both",
      "`both`, or `bank`: answers do not depend on batch mates"),
  BATCH_MAX_IMAGES(
      "cnn2gnn.batch.max.images",
      "64",
      "the most images in a batch: it closes when it has so many"),
  BATCH_MAX_WAIT_MS(
      "cnn2gnn.batch.max.wait.ms",
      "50",
      "the longest that a batch waits: it closes so long after its first image"),
  BATCH_MAX_BYTES(
      "cnn2gnn.batch.max.bytes",
      "33554432",
      "the most bytes in a batch: it closes when it has so many"),
  BANK_CAPACITY(
      "cnn2gnn.bank.capacity", "2048", "recent images per partition; 0: prototypes alone"),
  BANK_ADMISSION(
      "cnn2gnn.bank.admission",
      "all",
      "which images enter the bank: `all`, `confident`, `labelled`"),
  BANK_MIN_CONFIDENCE(
      "cnn2gnn.bank.min.confidence",
      "0.9",
      "the least confidence of an image that `confident` lets in"),
  LABELLED_CAPACITY(
      "cnn2gnn.bank.labelled.capacity",
      "10000",
      "images that people have labelled, over all partitions; 0: labels teach nothing"),
  LABELLED_PER_CLASS(
      "cnn2gnn.bank.labelled.per.class", "500", "the most of them that have one class"),
  LABELLED_PER_LABELLER(
      "cnn2gnn.bank.labelled.per.labeller",
      "0.5",
      "the largest share of the capacity that one labeller fills"),
  LABELLED_SCOPE(
      "cnn2gnn.bank.labelled.scope",
      "all",
      "`all`: every image hears of every label; `source`: of those of its own source"),
  LABELS_NEW_CLASSES(
      "cnn2gnn.labels.new.classes",
      "100",
      "how many classes labels may bring that the model does not know; a quarter of them from one"
          + " source"),
  LABELS_RECENT(
      "cnn2gnn.labels.recent",
      "8192",
      "answers per partition that are remembered, so that a label finds its image by the id alone"),
  LABELS_PATIENCE(
      "cnn2gnn.labels.patience",
      "10m",
      "so long a label waits for an image that has not come yet (`30s`, `15m`, `12h`, `1d`)"),
  IMAGE_MAX_PIXELS(
      "cnn2gnn.image.max.pixels",
      Long.toString(ImageRecords.MAX_PIXELS),
      "the most pixels of an image, by its header, before it is decoded"),
  IMAGE_DECODER(
      "cnn2gnn.image.decoder",
      "auto",
      "`auto`: the native decoder, or the JDK's where that cannot be loaded; `native`: without it"
          + " the start stops; `java`: the JDK's, which is slower and reads no WebP"),
  DECODE_THREADS(
      "cnn2gnn.decode.threads",
      "",
      "one per core without a stream thread",
      "beside the stream threads; 0: those alone"),
  RECORD_MAX_BYTES(
      "cnn2gnn.record.max.bytes",
      "8388608",
      "one limit on every hop; a topic that takes less stops the start in one line"),
  REFERENCE_ALLOW(
      AllowList.IMAGES,
      "",
      "none",
      "comma-separated URI prefixes, each ending in `/`, below which images by reference are"
          + " fetched: `https://images.example.org/cam/,file:/data/images/`"),
  REFERENCE_MAX_BYTES(
      "cnn2gnn.reference.max.bytes", "33554432", "the most bytes of a file that is fetched"),
  REFERENCE_TIMEOUT_MS(
      "cnn2gnn.reference.timeout.ms",
      "2000",
      "the longest that one try over http takes, connecting and the whole answer"),
  REFERENCE_PATIENCE(
      "cnn2gnn.reference.patience",
      "1d",
      "so long a record waits for a host that fails, its partition with it; then it is a dead"
          + " letter (`30s`, `15m`, `12h`, `1d`)"),
  RELEASE_ALLOW(
      AllowList.BUNDLES,
      "",
      "none: releases are not followed",
      "URI prefixes below which bundles are fetched"),
  RELEASE_TIMEOUT_MS(
      "cnn2gnn.release.timeout.ms", "60000", "the longest that one try over http takes"),
  MODEL_NAME(
      "cnn2gnn.model.name", "", "the name in the bundle", "the model whose releases are followed"),
  SHADOW_BATCHES(
      "cnn2gnn.shadow.batches",
      "200",
      "how many batches a candidate is tried for; `release show` says how many images and how much"
          + " time that is"),
  SHADOW_PROMOTION(
      "cnn2gnn.shadow.promotion",
      "hand",
      "who promotes a candidate: `hand`, an operator; `rule`, the service, by the next two keys"),
  SHADOW_MIN_AGREEMENT(
      "cnn2gnn.shadow.min.agreement",
      "0.8",
      "for `rule`: the least share of answers that agree with the active model's; it counts where"
          + " fewer than 100 images were labelled"),
  SHADOW_MAX_SLOWDOWN(
      "cnn2gnn.shadow.max.slowdown",
      "3",
      "for `rule`: how many times the active model's time a candidate may take"),
  PREDICTION_TOP_K("cnn2gnn.prediction.top.k", "3", "scores per prediction"),
  INPUT_FORMAT(
      "cnn2gnn.input.format",
      "avro",
      "`avro`: images are `Image` records; `raw`: a record's value is the JPEG, PNG or WebP file"
          + " itself, and headers may say `id`, `label` and `captured-at`"),
  OUTPUT_FORMAT(
      "cnn2gnn.output.format",
      "avro",
      "`avro`: predictions are Avro, and the registry has their schema; `json`: they are plain JSON"
          + " of the same fields, for readers without a registry"),
  TOPICS_CREATE("cnn2gnn.topics.create", "true", "create missing topics"),
  TOPICS_PARTITIONS("cnn2gnn.topics.partitions", "2", "partitions of the topics that it creates"),
  TOPIC_IMAGES("cnn2gnn.topic.images", TopicNames.DEFAULT.images(), "images come from it"),
  INPUT_TOPICS(
      "cnn2gnn.input.topics",
      "",
      "none",
      "comma-separated topics whose records are images, too: the service takes them over into"
          + " `cnn2gnn.topic.images`"),
  INPUT_TOPICS_REGEX(
      "cnn2gnn.input.topics.regex",
      "",
      "none",
      "the same of all topics whose whole names match this regular expression, those that come later"
          + " too; not beside `cnn2gnn.input.topics`"),
  TOPIC_PREDICTIONS(
      "cnn2gnn.topic.predictions", TopicNames.DEFAULT.predictions(), "answers go to it"),
  TOPIC_DEAD_LETTERS(
      "cnn2gnn.topic.dead.letters",
      TopicNames.DEFAULT.deadLetters(),
      "what can never be an image goes to it"),
  TOPIC_LABELS(
      "cnn2gnn.topic.labels",
      "",
      "`labels`; where images come from another topic than `images`, that one's name and `.labels`",
      "what people say of images comes from it; it has as many partitions as the images"),
  TOPIC_LABEL_OUTCOMES(
      "cnn2gnn.topic.label.outcomes",
      "",
      "the name of the labels topic and `.outcomes`",
      "what became of each label goes to it"),
  TOPIC_MODELS("cnn2gnn.topic.models", TopicNames.DEFAULT.models(), "releases come from it"),
  TOPIC_MODEL_EVENTS(
      "cnn2gnn.topic.model.events",
      TopicNames.DEFAULT.modelEvents(),
      "what became of releases, and drift"),
  HTTP_PORT(
      AppConfig.HTTP_PORT,
      "-1",
      "none",
      "the port of `/health/live`, `/health/ready`, `/metrics`, `/model`, `/accuracy` and"
          + " `/bank`; 0: any free one"),
  HTTP_HOST("cnn2gnn.http.host", "127.0.0.1", "the address at which that port listens"),
  HTTP_ADVERTISED(
      AppConfig.HTTP_ADVERTISED,
      "",
      "`cnn2gnn.http.host` and the port; for `0.0.0.0` the machine's own address",
      "`HOST:PORT` by which the other instances reach this one"),
  HTTP_ALLOWED_HOSTS(
      "cnn2gnn.http.allowed.hosts",
      "",
      "none",
      "comma-separated names of hosts by which the pages may be asked for, beside `localhost`, IP"
          + " addresses and the hosts of `cnn2gnn.http.host` and `cnn2gnn.http.advertised`; `*`:"
          + " any");

  private final String key;
  private final String otherwise;
  private final String shown;
  private final String meaning;

  ConfigKey(String key, String otherwise, String meaning) {
    this(key, otherwise, "`" + otherwise + "`", meaning);
  }

  /** Of a key whose default is not a text that could be written instead. */
  ConfigKey(String key, String otherwise, String shown, String meaning) {
    this.key = key;
    this.otherwise = otherwise;
    this.shown = shown;
    this.meaning = meaning;
  }

  /** Its name. */
  public String key() {
    return key;
  }

  /** What holds where nothing is said; empty where that is no fixed text. */
  public String otherwise() {
    return otherwise;
  }

  /** Whether it is this application's, not a client's. */
  boolean isOwn() {
    return key.startsWith(AppConfig.PREFIX);
  }

  /** The environment variable that sets it: {@code CNN2GNN_BANK_CAPACITY}. */
  public String variable() {
    String name = isOwn() ? key : AppConfig.PREFIX + "kafka." + key;
    return name.toUpperCase(Locale.ROOT).replace('.', '_');
  }

  /** The key of that name, if there is one. */
  static Optional<ConfigKey> of(String name) {
    return Arrays.stream(values()).filter(key -> key.key.equals(name)).findFirst();
  }

  /** All of them as a table in Markdown. */
  public static String table() {
    return table(List.of(values()));
  }

  /** Some of them as a table in Markdown. */
  public static String table(List<ConfigKey> keys) {
    return keys.stream()
        .map(k -> "| `%s` | %s | %s |".formatted(k.key, k.shown, k.meaning))
        .collect(Collectors.joining("\n", "| key | default | |\n| --- | --- | --- |\n", "\n"));
  }
}
