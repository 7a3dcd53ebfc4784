package io.cnn2gnn.faults;

import io.cnn2gnn.intake.LabelRecord.Coordinates;
import io.cnn2gnn.schemas.WireWriter;
import io.cnn2gnn.schemas.avro.Label;
import io.cnn2gnn.schemas.avro.LabelKind;
import io.cnn2gnn.schemas.avro.LabelOutcome;
import io.cnn2gnn.schemas.avro.LabelResult;
import io.cnn2gnn.schemas.avro.LabelledImage;
import io.cnn2gnn.topology.teaching.TaughtRow;
import io.confluent.kafka.schemaregistry.client.SchemaRegistryClient;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.function.Predicate;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * The people: they say of images what they are, and know what has to become of it. {@link
 * LabelVerifier} judges beside them.
 */
final class Labels implements AutoCloseable {
  private static final String BY = "ann";
  private static final Duration QUIET = Duration.ofMillis(500);

  private final SchemaRegistryClient registry;
  private final KafkaProducer<byte[], byte[]> producer;
  private final LabelVerifier verifier;
  private final List<Expected> expected = Collections.synchronizedList(new ArrayList<>());
  private String topic;
  private WireWriter<Label> writer;

  /** A label that was sent. */
  record Sent(Future<RecordMetadata> record) {
    Coordinates at() throws InterruptedException {
      try {
        RecordMetadata at = record.get();
        return new Coordinates(at.topic(), at.partition(), at.offset());
      } catch (ExecutionException e) {
        throw new FaultException("the broker did not take a label", e);
      }
    }
  }

  /** What may become of a label: nothing of what is none. */
  private record Expected(String what, Sent sent, Set<LabelResult> results, String reason) {}

  Labels(
      Map<String, Object> connection,
      SchemaRegistryClient registry,
      String topic,
      LabelVerifier.TopicSet topics) {
    this.registry = registry;
    Map<String, Object> config = new HashMap<>(connection);
    config.put("linger.ms", 5);
    this.producer =
        new KafkaProducer<>(config, new ByteArraySerializer(), new ByteArraySerializer());
    this.verifier = LabelVerifier.open(connection, registry, topics);
    sayTo(topic);
  }

  /** Says everything to another topic from now on. */
  void sayTo(String labelsTopic) {
    topic = labelsTopic;
    writer = new WireWriter<>(registry, labelsTopic, Label.class, true);
    verifier.judge(labelsTopic);
  }

  /** Says what an image is; it must be taught. */
  Sent teach(Shot shot, String label) {
    return teach(shot, label, BY);
  }

  Sent teach(Shot shot, String label, String by) {
    return say(shot, Optional.of(label), by, Optional.empty(), Set.of(LabelResult.TAUGHT), "");
  }

  /** Says it of an image whose place is known. */
  Sent teachAt(Shot shot, String label, Coordinates at) {
    return say(shot, Optional.of(label), BY, Optional.of(at), Set.of(LabelResult.TAUGHT), "");
  }

  /** Says what an image is that must not be found, for a reason. */
  Sent sayInVain(Shot shot, String label, String reason) {
    return say(
        shot, Optional.of(label), BY, Optional.empty(), Set.of(LabelResult.NOT_FOUND), reason);
  }

  /** Says what may be taught, or be refused since a later label came. */
  Sent sayAtOnce(Shot shot, String label) {
    return say(
        shot,
        Optional.of(label),
        BY,
        Optional.empty(),
        Set.of(LabelResult.TAUGHT, LabelResult.REFUSED),
        "SUPERSEDED");
  }

  /** Takes back what somebody has said. */
  Sent takeBack(Shot shot, String by, LabelResult result) {
    return say(
        shot,
        Optional.empty(),
        by,
        Optional.empty(),
        Set.of(result),
        result == LabelResult.NOT_FOUND ? "NO_LABEL" : "");
  }

  Sent takeBack(Shot shot) {
    return takeBack(shot, BY, LabelResult.TAKEN_BACK);
  }

  private Sent say(
      Shot shot,
      Optional<String> label,
      String by,
      Optional<Coordinates> at,
      Set<LabelResult> results,
      String reason) {
    byte[] value =
        writer.write(
            Label.newBuilder()
                .setImageId(shot.id())
                .setLabel(label.orElse(null))
                .setLabelledAt(Instant.now().truncatedTo(ChronoUnit.MICROS))
                .setLabelledBy(by)
                .setKind(LabelKind.TRUTH)
                .setComment(null)
                .setImage(
                    at.map(c -> new LabelledImage(c.topic(), c.partition(), c.offset()))
                        .orElse(null))
                .build());
    return send(shot.key(), value, shot.id() + " is " + label, results, reason);
  }

  /** Sends what is no label, which must be a dead letter. */
  void sayNothing(String key, byte[] value) {
    send(key, value, "no label", Set.of(), "");
  }

  private Sent send(
      String key, byte[] value, String what, Set<LabelResult> results, String reason) {
    byte[] source = key.getBytes(StandardCharsets.UTF_8);
    Sent sent = new Sent(producer.send(new ProducerRecord<>(topic, source, value)));
    expected.add(new Expected(what, sent, results, reason));
    return sent;
  }

  /** Reads until everything said so far has its outcome; false if time ran out. */
  boolean settledWithin(Duration longest) {
    producer.flush();
    return verifier.settle(longest, Duration.ZERO);
  }

  /** The first outcome of a label; everything must have settled. */
  LabelOutcome outcome(Sent sent) throws InterruptedException {
    List<LabelOutcome> outcomes = verifier.outcomes(sent.at());
    if (outcomes.isEmpty()) {
      throw new FaultException(sent.at() + " has no outcome");
    }
    return outcomes.get(0);
  }

  /** What was said of a label when it left the tier. */
  List<LabelOutcome> left(Sent sent) throws InterruptedException {
    return verifier.outcomes(sent.at()).stream()
        .filter(outcome -> outcome.getResult() == LabelResult.LEFT)
        .toList();
  }

  /** The labelled tier by its topic, as it was read last. */
  List<TaughtRow> tier() {
    return verifier.tier();
  }

  /** Reads until the labelled tier is as wanted and stays so; false if time ran out. */
  boolean awaitTier(Duration longest, Predicate<List<TaughtRow>> wanted) {
    long deadline = System.nanoTime() + longest.toNanos();
    do {
      if (wanted.test(verifier.tier())) {
        List<TaughtRow> before = verifier.tier();
        verifier.read(QUIET);
        if (verifier.tier().equals(before)) {
          return true;
        }
      } else {
        verifier.read(Duration.ofMillis(50));
      }
    } while (System.nanoTime() - deadline < 0);
    return false;
  }

  /**
   * The end of a round.
   *
   * @return what was not as it had to be
   */
  List<String> settle(Duration longest, Duration quiet) throws InterruptedException {
    producer.flush();
    List<String> problems = new ArrayList<>();
    if (!verifier.settle(longest, quiet)) {
      problems.add(
          "%d labels had no outcome, or the tier was not what they say, after %d s"
              .formatted(verifier.verdict().lost(), longest.toSeconds()));
    }
    Map<Coordinates, LabelOutcome> outcomes = verifier.firstOutcomes();
    for (Expected one : expected) {
      Optional<LabelOutcome> outcome = Optional.ofNullable(outcomes.get(one.sent().at()));
      Optional<LabelResult> result = outcome.map(LabelOutcome::getResult);
      boolean allowed =
          result.map(one.results()::contains).orElse(one.results().isEmpty())
              && outcome
                  .filter(o -> o.getResult() != LabelResult.TAUGHT)
                  .map(o -> o.getReason().equals(one.reason()))
                  .orElse(true);
      if (!allowed) {
        problems.add(
            "'%s' became %s %s, not %s %s"
                .formatted(
                    one.what(),
                    result.map(Enum::name).orElse("nothing"),
                    outcome.map(LabelOutcome::getReason).orElse(""),
                    one.results(),
                    one.reason()));
      }
    }
    expected.clear();
    problems.addAll(verifier.verdict().problems());
    return problems;
  }

  LabelVerifier.Verdict verdict() {
    return verifier.verdict();
  }

  @Override
  public void close() {
    producer.close();
    verifier.close();
  }
}
