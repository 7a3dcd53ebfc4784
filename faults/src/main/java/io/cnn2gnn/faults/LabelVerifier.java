package io.cnn2gnn.faults;

import io.cnn2gnn.intake.ImageName;
import io.cnn2gnn.intake.LabelRecord;
import io.cnn2gnn.intake.LabelRecord.Coordinates;
import io.cnn2gnn.intake.LabelRecords;
import io.cnn2gnn.intake.RecordRefusedException;
import io.cnn2gnn.schemas.RegistryUnavailableException;
import io.cnn2gnn.schemas.UnreadableRecordException;
import io.cnn2gnn.schemas.WireReader;
import io.cnn2gnn.schemas.avro.Label;
import io.cnn2gnn.schemas.avro.LabelOutcome;
import io.cnn2gnn.schemas.avro.LabelResult;
import io.cnn2gnn.topology.teaching.TaughtRow;
import io.confluent.kafka.schemaregistry.client.SchemaRegistryClient;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * The independent judge of labels. It reads their topic, that of their outcomes, the dead letters
 * and the labelled tier's topic as any consumer would (read_committed), knows nothing of what was
 * sent or broken, and tells whether each label has one outcome and the tier is what they say.
 */
final class LabelVerifier implements AutoCloseable {
  private static final Duration POLL = Duration.ofMillis(50);

  private final TopicSet topics;
  private final Consumer<byte[], byte[]> consumer;
  private final List<String> labelTopics = new ArrayList<>();
  private final List<TopicPartition> partitions = new ArrayList<>();
  private final LabelRecords records;
  private final WireReader<LabelOutcome> outcomeReader;
  private final List<ConsumerRecord<byte[], byte[]>> unread = new ArrayList<>();
  private final Map<Coordinates, Said> labels = new LinkedHashMap<>();
  private final List<Told> outcomes = new ArrayList<>();
  private final Map<Coordinates, Integer> letters = new HashMap<>();
  private final Map<String, TaughtRow> tier = new LinkedHashMap<>();
  private final List<String> problems = new ArrayList<>();

  /** The topics beside those of labels. */
  record TopicSet(String outcomes, String deadLetters, String labelled) {}

  /** A record of a labels topic; without a label if it is none. */
  private record Said(Optional<byte[]> key, Optional<LabelRecord> label) {
    ImageName name() {
      return new ImageName(key, label.orElseThrow().imageId());
    }
  }

  private record Told(Optional<byte[]> key, LabelOutcome outcome) {
    Coordinates of() {
      return new Coordinates(
          outcome.getRecord().getTopic(),
          outcome.getRecord().getPartition(),
          outcome.getRecord().getOffset());
    }

    ImageName name() {
      return new ImageName(key, outcome.getImageId());
    }

    boolean isFirst() {
      return outcome.getResult() != LabelResult.LEFT;
    }
  }

  /**
   * How the topics stand.
   *
   * @param results how many outcomes there are of a kind
   * @param refused labels that were none, by their dead letters
   * @param lost labels without an outcome, and what is none without a dead letter
   * @param duplicated outcomes and dead letters beyond one a label
   */
  record Verdict(
      int labels,
      Map<LabelResult, Integer> results,
      int refused,
      int lost,
      int duplicated,
      List<String> problems) {}

  static LabelVerifier open(
      Map<String, Object> connection, SchemaRegistryClient registry, TopicSet topics) {
    Map<String, Object> config = new HashMap<>(connection);
    config.put("isolation.level", "read_committed");
    config.put("enable.auto.commit", false);
    config.put("auto.offset.reset", "earliest");
    config.put("fetch.max.wait.ms", 50);
    return new LabelVerifier(
        new KafkaConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer()),
        registry,
        topics);
  }

  /** Takes a consumer of committed records, which it closes. */
  LabelVerifier(Consumer<byte[], byte[]> consumer, SchemaRegistryClient registry, TopicSet topics) {
    this.topics = topics;
    this.consumer = consumer;
    this.records = new LabelRecords(new WireReader<>(registry, "labels", Label.class));
    this.outcomeReader = new WireReader<>(registry, topics.outcomes(), LabelOutcome.class);
    for (String topic : List.of(topics.outcomes(), topics.deadLetters(), topics.labelled())) {
      follow(topic);
    }
  }

  /** Judges the labels of a topic from now on. */
  void judge(String labelsTopic) {
    if (!labelTopics.contains(labelsTopic)) {
      labelTopics.add(labelsTopic);
      follow(labelsTopic);
    }
  }

  private void follow(String topic) {
    List<TopicPartition> added =
        consumer.partitionsFor(topic).stream()
            .map(p -> new TopicPartition(topic, p.partition()))
            .toList();
    partitions.addAll(added);
    consumer.assign(partitions);
    consumer.seekToBeginning(added);
  }

  /** Reads for so long. */
  void read(Duration time) {
    long deadline = System.nanoTime() + time.toNanos();
    do {
      consumer.poll(POLL).forEach(unread::add);
    } while (System.nanoTime() - deadline < 0);
    unread.removeIf(this::take);
  }

  /**
   * Reads until every label that its topics hold now has its outcome and the tier is what the
   * outcomes say, and then a moment longer, since a second one would come later.
   *
   * @return false if time ran out
   */
  boolean settle(Duration longest, Duration quiet) {
    long deadline = System.nanoTime() + longest.toNanos();
    Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
    while (!hasLabels(ends) || balance().lost() > 0 || !verdict().problems().isEmpty()) {
      if (System.nanoTime() - deadline >= 0) {
        return false;
      }
      read(Duration.ofMillis(100));
    }
    read(quiet);
    return true;
  }

  private boolean hasLabels(Map<TopicPartition, Long> ends) {
    return unread.isEmpty()
        && ends.entrySet().stream()
            .filter(end -> labelTopics.contains(end.getKey().topic()))
            .allMatch(end -> consumer.position(end.getKey()) >= end.getValue());
  }

  /** The outcomes of a label, in their order. */
  List<LabelOutcome> outcomes(Coordinates label) {
    return outcomes.stream().filter(told -> told.of().equals(label)).map(Told::outcome).toList();
  }

  /** The first outcomes of all labels that have one. */
  Map<Coordinates, LabelOutcome> firstOutcomes() {
    Map<Coordinates, LabelOutcome> first = new HashMap<>();
    outcomes.stream().filter(Told::isFirst).forEach(t -> first.putIfAbsent(t.of(), t.outcome()));
    return first;
  }

  /** The labelled tier as its topic says, in the order in which its rows were said. */
  List<TaughtRow> tier() {
    return List.copyOf(tier.values());
  }

  private boolean take(ConsumerRecord<byte[], byte[]> record) {
    Coordinates at = new Coordinates(record.topic(), record.partition(), record.offset());
    try {
      if (labelTopics.contains(record.topic())) {
        labels.put(at, new Said(Optional.ofNullable(record.key()), label(record)));
      } else if (record.topic().equals(topics.outcomes())) {
        outcomes.add(
            new Told(
                Optional.ofNullable(record.key()),
                outcomeReader.read(record.headers(), record.value())));
      } else if (record.topic().equals(topics.labelled())) {
        takeRow(record);
      } else {
        takeLetter(record);
      }
      return true;
    } catch (RegistryUnavailableException e) {
      return false; // kept until the registry is back
    } catch (UnreadableRecordException | UncheckedIOException e) {
      problems.add("unreadable: " + at + ": " + e.getMessage());
      return true;
    }
  }

  private Optional<LabelRecord> label(ConsumerRecord<byte[], byte[]> record) {
    try {
      return Optional.of(records.read(record.headers(), record.value()));
    } catch (RecordRefusedException e) {
      return Optional.empty();
    }
  }

  private void takeRow(ConsumerRecord<byte[], byte[]> record) {
    String image = new String(record.key(), StandardCharsets.UTF_8);
    tier.remove(image);
    if (record.value() != null) {
      tier.put(image, TaughtRow.decode(record.value()));
    }
  }

  private void takeLetter(ConsumerRecord<byte[], byte[]> record) {
    String topic = header(record, "cnn2gnn.topic");
    if (labelTopics.contains(topic)) {
      letters.merge(
          new Coordinates(
              topic,
              Integer.parseInt(header(record, "cnn2gnn.partition")),
              Long.parseLong(header(record, "cnn2gnn.offset"))),
          1,
          Integer::sum);
    }
  }

  private static String header(ConsumerRecord<byte[], byte[]> record, String name) {
    Header header = record.headers().lastHeader(name);
    return header == null ? "" : new String(header.value(), StandardCharsets.UTF_8);
  }

  private record Balance(int lost, int duplicated) {}

  private Balance balance() {
    int lost = 0;
    int duplicated = 0;
    Map<Coordinates, Integer> ends = new HashMap<>(letters);
    outcomes.stream().filter(Told::isFirst).forEach(t -> ends.merge(t.of(), 1, Integer::sum));
    for (Coordinates label : labels.keySet()) {
      int count = ends.getOrDefault(label, 0);
      lost += count == 0 ? 1 : 0;
      duplicated += Math.max(0, count - 1);
    }
    return new Balance(lost, duplicated);
  }

  /** Weighs what has been read so far. */
  Verdict verdict() {
    List<String> found = new ArrayList<>(problems);
    letters.keySet().stream()
        .filter(at -> !labels.containsKey(at) || labels.get(at).label().isPresent())
        .forEach(
            at -> found.add("a dead letter tells of " + at + ", which is a label or not there"));
    Map<ImageName, Coordinates> inForce = replay(found);
    checkTier(inForce, found);
    Map<LabelResult, Integer> results = new EnumMap<>(LabelResult.class);
    outcomes.forEach(told -> results.merge(told.outcome().getResult(), 1, Integer::sum));
    Balance balance = balance();
    return new Verdict(
        labels.size(), results, letters.size(), balance.lost(), balance.duplicated(), found);
  }

  /**
   * Follows the outcomes of each image, which are in order, since they have one key.
   *
   * @return which label of an image is in force
   */
  private Map<ImageName, Coordinates> replay(List<String> found) {
    Map<ImageName, Coordinates> inForce = new HashMap<>();
    for (Told told : outcomes) {
      Said said = labels.get(told.of());
      if (said == null || said.label().isEmpty()) {
        found.add("an outcome tells of " + told.of() + ", which is no label");
      } else if (!repeats(told, said)) {
        found.add("the outcome of " + told.of() + " is of another label");
      } else {
        follow(told, inForce, found);
      }
    }
    return inForce;
  }

  private static boolean repeats(Told told, Said said) {
    LabelRecord label = said.label().orElseThrow();
    return told.name().equals(said.name())
        && told.outcome().getLabelledBy().equals(label.labelledBy())
        && Optional.ofNullable(told.outcome().getLabel()).equals(label.label());
  }

  private void follow(Told told, Map<ImageName, Coordinates> inForce, List<String> found) {
    Optional<Coordinates> before = Optional.ofNullable(inForce.get(told.name()));
    boolean own =
        before
            .map(at -> labels.get(at).label().orElseThrow().labelledBy())
            .filter(by -> by.equals(told.outcome().getLabelledBy()))
            .isPresent();
    switch (told.outcome().getResult()) {
      case TAUGHT -> inForce.put(told.name(), told.of());
      case TAKEN_BACK -> {
        check(own, found, "%s took back what was not in force", told);
        inForce.remove(told.name());
      }
      case LEFT -> {
        check(before.equals(Optional.of(told.of())), found, "%s left and was not there", told);
        inForce.remove(told.name());
      }
      case NOT_FOUND ->
          check(
              !own || told.outcome().getLabel() != null,
              found,
              "%s found nothing to take back where there was a label",
              told);
      case REFUSED -> {}
      case OTHER -> found.add("an outcome of " + told.of() + " that is none");
    }
  }

  private static void check(boolean holds, List<String> found, String problem, Told told) {
    if (!holds) {
      found.add(problem.formatted(told.of()));
    }
  }

  /** Rows that came with their images have no label's record and no outcome. */
  private void checkTier(Map<ImageName, Coordinates> inForce, List<String> found) {
    Map<String, Coordinates> wanted = new HashMap<>();
    inForce.forEach((name, at) -> wanted.put(name.digest(), at));
    tier.forEach(
        (image, row) -> {
          Optional<Coordinates> at = Optional.ofNullable(wanted.get(image));
          if (row.said().isPresent() && !row.said().equals(at)) {
            found.add(
                "the tier has %s for %s by %s, and outcomes say %s"
                    .formatted(row.row().label(), row.row().imageId(), row.said().get(), at));
          }
        });
    wanted.forEach(
        (image, at) -> {
          Predicate<TaughtRow> same =
              row -> {
                LabelRecord label = labels.get(at).label().orElseThrow();
                return row.said().equals(Optional.of(at))
                    && Optional.of(row.row().label()).equals(label.label())
                    && row.labelledBy().equals(label.labelledBy());
              };
          if (Optional.ofNullable(tier.get(image)).filter(same).isEmpty()) {
            found.add("the tier has not what " + at + " has taught");
          }
        });
  }

  @Override
  public void close() {
    consumer.close();
  }
}
