package io.cnn2gnn.faults;

import io.cnn2gnn.schemas.RegistryUnavailableException;
import io.cnn2gnn.schemas.UnreadableRecordException;
import io.cnn2gnn.schemas.WireReader;
import io.cnn2gnn.schemas.avro.Image;
import io.cnn2gnn.schemas.avro.Prediction;
import io.confluent.kafka.schemaregistry.client.SchemaRegistryClient;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;

/**
 * The independent judge: it reads the three topics as any consumer would (read_committed), knows
 * nothing of what was sent or broken, and tells whether the promises hold between them.
 */
final class Verifier implements AutoCloseable {
  private static final Duration POLL = Duration.ofMillis(50);

  /** Of a record that its service had no memory for: its dead letter has coordinates alone. */
  private static final String UNREADABLE = "RECORD_UNREADABLE";

  private final TopicSet topics;
  private final Consumer<String, byte[]> consumer;
  private final List<TopicPartition> partitions;
  private final WireReader<Image> images;
  private final WireReader<Prediction> predictions;
  private final List<ConsumerRecord<String, byte[]>> unread = new ArrayList<>();
  private final Map<Place, Input> inputs = new TreeMap<>();
  private final List<Output> outputs = new ArrayList<>();
  private final Map<Place, List<Letter>> letters = new HashMap<>();
  private final List<String> problems = new ArrayList<>();

  /** The topics of one row. */
  record TopicSet(String images, String predictions, String deadLetters) {}

  /** Where a record stands in the input topic. */
  record Place(int partition, long offset) implements Comparable<Place> {
    @Override
    public int compareTo(Place other) {
      int byPartition = Integer.compare(partition, other.partition);
      return byPartition != 0 ? byPartition : Long.compare(offset, other.offset);
    }
  }

  /** An input record; without an id if it is no image. */
  private record Input(Optional<String> key, Optional<String> id, Content content) {}

  /** What a dead letter says; the original value by its headers if it was cut. */
  private record Letter(
      String reason, Optional<String> key, Content content, Optional<Content> cutFrom) {

    boolean carries(Input input) {
      if (reason.equals(UNREADABLE)) {
        return content.equals(Content.of(null)) || content.equals(Content.of(new byte[0]));
      }
      return cutFrom
          .map(whole -> whole.equals(input.content()) && startsWith(input.key(), key))
          .orElseGet(() -> content.equals(input.content()) && key.equals(input.key()));
    }

    private static boolean startsWith(Optional<String> whole, Optional<String> part) {
      return whole.isPresent() == part.isPresent() && whole.orElse("").startsWith(part.orElse(""));
    }
  }

  private record Output(int partition, Optional<String> key, Prediction prediction) {}

  /**
   * How the topics stand.
   *
   * @param lost input records without answer or refusal
   * @param duplicated answers and refusals beyond one a record
   */
  record Verdict(
      int images,
      int predicted,
      int deadLettered,
      int lost,
      int duplicated,
      List<String> problems) {}

  static Verifier open(
      Map<String, Object> connection, SchemaRegistryClient registry, TopicSet topics) {
    Map<String, Object> config = new HashMap<>(connection);
    config.put("isolation.level", "read_committed");
    config.put("enable.auto.commit", false);
    config.put("auto.offset.reset", "earliest");
    config.put("fetch.max.wait.ms", 50);
    config.put("max.partition.fetch.bytes", 16 << 20);
    return new Verifier(
        new KafkaConsumer<>(config, new StringDeserializer(), new ByteArrayDeserializer()),
        registry,
        topics);
  }

  /** Takes a consumer of committed records, which it closes. */
  Verifier(Consumer<String, byte[]> consumer, SchemaRegistryClient registry, TopicSet topics) {
    this.topics = topics;
    this.consumer = consumer;
    this.images = new WireReader<>(registry, topics.images(), Image.class);
    this.predictions = new WireReader<>(registry, topics.predictions(), Prediction.class);
    this.partitions = new ArrayList<>();
    for (String topic : List.of(topics.images(), topics.predictions(), topics.deadLetters())) {
      consumer
          .partitionsFor(topic)
          .forEach(p -> partitions.add(new TopicPartition(topic, p.partition())));
    }
    consumer.assign(partitions);
    consumer.seekToBeginning(partitions);
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
   * Reads until every record that the input topic holds now has its answer or refusal, and then a
   * moment longer, since a second one would come later.
   *
   * @return false if time ran out
   */
  boolean settle(Duration longest, Duration quiet) {
    long deadline = System.nanoTime() + longest.toNanos();
    Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
    while (!hasInputs(ends) || balance().lost() > 0) {
      if (System.nanoTime() - deadline >= 0) {
        return false;
      }
      read(Duration.ofMillis(100));
    }
    read(quiet);
    return true;
  }

  private boolean hasInputs(Map<TopicPartition, Long> ends) {
    return unread.isEmpty()
        && ends.entrySet().stream()
            .filter(end -> end.getKey().topic().equals(topics.images()))
            .allMatch(end -> consumer.position(end.getKey()) >= end.getValue());
  }

  /** When the first answer was made that is later than a moment. */
  Optional<Instant> firstAnswerAfter(Instant moment) {
    return outputs.stream()
        .map(output -> output.prediction().getPredictedAt())
        .filter(at -> at.isAfter(moment))
        .min(Instant::compareTo);
  }

  /** How many answers a model has given, by name and version. */
  int answersOf(String model) {
    return (int)
        outputs.stream().filter(o -> o.prediction().getModelVersion().equals(model)).count();
  }

  /** The answers to images of an id, of one partition in their order. */
  List<Prediction> answersTo(String id) {
    return outputs.stream()
        .map(Output::prediction)
        .filter(prediction -> prediction.getImageId().equals(id))
        .toList();
  }

  /** The reasons that a record was refused for. */
  List<String> reasons(Place place) {
    return letters.getOrDefault(place, List.of()).stream().map(Letter::reason).toList();
  }

  private boolean take(ConsumerRecord<String, byte[]> record) {
    try {
      if (record.topic().equals(topics.images())) {
        inputs.put(
            new Place(record.partition(), record.offset()),
            new Input(Optional.ofNullable(record.key()), id(record), Content.of(record.value())));
      } else if (record.topic().equals(topics.predictions())) {
        outputs.add(
            new Output(
                record.partition(),
                Optional.ofNullable(record.key()),
                predictions.read(record.headers(), record.value())));
      } else if (header(record, "cnn2gnn.topic").equals(topics.images())) {
        Place place =
            new Place(
                Integer.parseInt(header(record, "cnn2gnn.partition")),
                Long.parseLong(header(record, "cnn2gnn.offset")));
        letters.computeIfAbsent(place, p -> new ArrayList<>()).add(letter(record));
      }
      return true;
    } catch (RegistryUnavailableException e) {
      return false; // kept until the registry is back
    } catch (UnreadableRecordException e) {
      problems.add("an unreadable prediction at " + record.partition() + "@" + record.offset());
      return true;
    }
  }

  private Optional<String> id(ConsumerRecord<String, byte[]> record) {
    try {
      return Optional.of(images.read(record.headers(), record.value()).getId());
    } catch (UnreadableRecordException e) {
      return Optional.empty();
    }
  }

  private static Letter letter(ConsumerRecord<String, byte[]> record) {
    return new Letter(
        header(record, "cnn2gnn.reason"),
        Optional.ofNullable(record.key()),
        Content.of(record.value()),
        record.headers().lastHeader("cnn2gnn.value.sha256") == null
            ? Optional.empty()
            : Optional.of(
                new Content(
                    Integer.parseInt(header(record, "cnn2gnn.value.bytes")),
                    header(record, "cnn2gnn.value.sha256"))));
  }

  private static String header(ConsumerRecord<String, byte[]> record, String name) {
    return new String(record.headers().lastHeader(name).value(), StandardCharsets.UTF_8);
  }

  private record Balance(int lost, int duplicated) {}

  private Balance balance() {
    int lost = 0;
    int duplicated = 0;
    Map<String, Integer> due = new HashMap<>();
    for (Map.Entry<Place, Input> input : inputs.entrySet()) {
      int refusals = letters.getOrDefault(input.getKey(), List.of()).size();
      duplicated += Math.max(0, refusals - 1);
      if (refusals == 0) {
        if (input.getValue().id().isPresent()) {
          due.merge(input.getValue().id().get(), 1, Integer::sum);
        } else {
          lost++;
        }
      }
    }
    for (Output output : outputs) {
      due.merge(output.prediction().getImageId(), -1, Integer::sum);
    }
    for (int owed : due.values()) {
      lost += Math.max(0, owed);
      duplicated += Math.max(0, -owed);
    }
    return new Balance(lost, duplicated);
  }

  /** Weighs what has been read so far. */
  Verdict verdict() {
    List<String> found = new ArrayList<>(problems);
    if (!inputs.keySet().containsAll(letters.keySet())) {
      found.add("a dead letter names a record that the input topic does not have");
    }
    checkLetters(found);
    checkKeys(found);
    checkOrder(found);
    checkBatches(found);
    checkEpochs(found);
    Balance balance = balance();
    return new Verdict(
        inputs.size(), outputs.size(), letters.size(), balance.lost(), balance.duplicated(), found);
  }

  /** A refused record can be sent again from its dead letter: key and value are what they were. */
  private void checkLetters(List<String> found) {
    letters.forEach(
        (place, refusals) -> {
          Input input = inputs.get(place);
          if (input != null && !refusals.stream().allMatch(letter -> letter.carries(input))) {
            found.add(
                "the dead letter of %d@%d has another key or value"
                    .formatted(place.partition(), place.offset()));
          }
        });
  }

  private void checkKeys(List<String> found) {
    Map<String, Set<Optional<String>>> sent = new HashMap<>();
    for (Input input : inputs.values()) {
      input.id().ifPresent(id -> sent.computeIfAbsent(id, i -> new HashSet<>()).add(input.key()));
    }
    for (Output output : outputs) {
      String id = output.prediction().getImageId();
      if (sent.containsKey(id) && !sent.get(id).contains(output.key())) {
        found.add("the answer to " + id + " has another key");
      }
    }
  }

  /** Per key the answers must be in the order of the images, those refused left out. */
  private void checkOrder(List<String> found) {
    Map<String, List<String>> sent = new HashMap<>();
    inputs.forEach(
        (place, input) -> {
          if (input.key().isPresent() && input.id().isPresent() && !letters.containsKey(place)) {
            sent.computeIfAbsent(input.key().get(), k -> new ArrayList<>()).add(input.id().get());
          }
        });
    Map<String, List<String>> answered = new HashMap<>();
    for (Output output : outputs) {
      output
          .key()
          .ifPresent(
              key ->
                  answered
                      .computeIfAbsent(key, k -> new ArrayList<>())
                      .add(output.prediction().getImageId()));
    }
    answered.forEach(
        (key, ids) -> {
          List<String> expected = sent.getOrDefault(key, List.of());
          int known = Math.min(ids.size(), expected.size());
          if (!expected.subList(0, known).equals(ids.subList(0, known))) {
            found.add("the answers for key " + key + " are out of order");
          }
        });
  }

  private void checkBatches(List<String> found) {
    Map<String, String> spaces = new HashMap<>();
    Map<String, String> models = new HashMap<>();
    Map<String, Integer> members = new HashMap<>();
    Map<String, Integer> sizes = new HashMap<>();
    for (Output output : outputs) {
      Prediction p = output.prediction();
      if (p.getModelVersion().isEmpty() || p.getBatchId().isEmpty() || p.getSpace().isEmpty()) {
        found.add(p.getImageId() + " lacks its model version, batch or space");
      }
      String before = spaces.put(p.getBatchId(), p.getSpace());
      if (before != null && !before.equals(p.getSpace())) {
        found.add("batch " + p.getBatchId() + " mixes two embedding spaces");
      }
      String model = models.put(p.getBatchId(), p.getModelVersion());
      if (model != null && !model.equals(p.getModelVersion())) {
        found.add("batch " + p.getBatchId() + " mixes two models");
      }
      members.merge(p.getBatchId(), 1, Integer::sum);
      sizes.put(p.getBatchId(), p.getBatchSize());
    }
    members.forEach(
        (batch, count) -> {
          if (count > sizes.get(batch)) {
            found.add("batch " + batch + " has more answers than images");
          }
        });
  }

  /** A bank that moves between instances, or comes back, goes on where it was. */
  private void checkEpochs(List<String> found) {
    Map<Integer, Long> epochs = new HashMap<>();
    for (Output output : outputs) {
      if (output.key().isEmpty()) {
        continue; // only a key leads an answer to the partition that its image came from
      }
      long epoch = output.prediction().getBankEpoch();
      Long before = epochs.put(output.partition(), epoch);
      if (before != null && epoch < before) {
        found.add(
            "the bank of partition %d went back from epoch %d to %d"
                .formatted(output.partition(), before, epoch));
      }
    }
  }

  @Override
  public void close() {
    consumer.close();
  }
}
