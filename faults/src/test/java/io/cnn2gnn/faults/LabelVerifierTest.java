package io.cnn2gnn.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.cnn2gnn.faults.LabelVerifier.TopicSet;
import io.cnn2gnn.faults.LabelVerifier.Verdict;
import io.cnn2gnn.intake.ImageName;
import io.cnn2gnn.intake.LabelRecord.Coordinates;
import io.cnn2gnn.model.label.LabelledRow;
import io.cnn2gnn.schemas.WireWriter;
import io.cnn2gnn.schemas.avro.Label;
import io.cnn2gnn.schemas.avro.LabelCoordinates;
import io.cnn2gnn.schemas.avro.LabelKind;
import io.cnn2gnn.schemas.avro.LabelOutcome;
import io.cnn2gnn.schemas.avro.LabelResult;
import io.cnn2gnn.topology.teaching.TaughtRow;
import io.confluent.kafka.schemaregistry.client.MockSchemaRegistryClient;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The judge of labels must be able to find each fault that it is there to find. */
class LabelVerifierTest {
  private static final byte[] KEY = "camera".getBytes(StandardCharsets.UTF_8);

  private final MockSchemaRegistryClient registry = new MockSchemaRegistryClient();
  private final WireWriter<Label> labels = new WireWriter<>(registry, "labels", Label.class, true);
  private final WireWriter<LabelOutcome> outcomes =
      new WireWriter<>(registry, "outcomes", LabelOutcome.class, true);
  private final MockConsumer<byte[], byte[]> consumer = new MockConsumer<>("earliest");
  private final Map<String, Long> ends = new HashMap<>();
  private LabelVerifier verifier;

  @BeforeEach
  void open() {
    Map<TopicPartition, Long> begin = new HashMap<>();
    for (String topic : List.of("labels", "outcomes", "dead", "tier")) {
      consumer.updatePartitions(topic, List.of(new PartitionInfo(topic, 0, null, null, null)));
      begin.put(new TopicPartition(topic, 0), 0L);
    }
    consumer.updateBeginningOffsets(begin);
    consumer.updateEndOffsets(begin);
    verifier = new LabelVerifier(consumer, registry, new TopicSet("outcomes", "dead", "tier"));
    verifier.judge("labels");
  }

  @AfterEach
  void close() {
    verifier.close();
  }

  private void add(String topic, byte[] key, byte[] value, RecordHeaders headers) {
    long offset = ends.merge(topic, 1L, Long::sum) - 1;
    consumer.addRecord(
        new ConsumerRecord<>(
            topic,
            0,
            offset,
            0L,
            TimestampType.CREATE_TIME,
            0,
            0,
            key,
            value,
            headers,
            Optional.empty()));
    consumer.updateEndOffsets(Map.of(new TopicPartition(topic, 0), offset + 1));
  }

  private void label(String id, String label) {
    label(id, label, "ann");
  }

  private void label(String id, String label, String by) {
    add(
        "labels",
        KEY,
        labels.write(
            Label.newBuilder()
                .setImageId(id)
                .setLabel(label)
                .setLabelledAt(Instant.EPOCH)
                .setLabelledBy(by)
                .setKind(LabelKind.TRUTH)
                .setComment(null)
                .setImage(null)
                .build()),
        new RecordHeaders());
  }

  private void outcome(long offset, String id, String label, LabelResult result) {
    outcome(offset, id, label, "ann", result);
  }

  private void outcome(long offset, String id, String label, String by, LabelResult result) {
    add(
        "outcomes",
        KEY,
        outcomes.write(
            LabelOutcome.newBuilder()
                .setImageId(id)
                .setLabel(label)
                .setLabelledBy(by)
                .setResult(result)
                .setAnswered(null)
                .setModelVersion(null)
                .setRecord(new LabelCoordinates("labels", 0, offset))
                .setAt(Instant.EPOCH)
                .build()),
        new RecordHeaders());
  }

  private static String image(String id) {
    return new ImageName(Optional.of(KEY), id).digest();
  }

  private void row(long offset, String id, String label) {
    TaughtRow row =
        new TaughtRow(
            new LabelledRow(
                image(id), "", id, label, "space", new float[] {1}, LabelledRow.Own.UNKNOWN),
            Optional.of(KEY),
            "ann",
            new Coordinates("images", 0, 0),
            0,
            Optional.of(new Coordinates("labels", 0, offset)));
    add("tier", image(id).getBytes(StandardCharsets.UTF_8), row.encode(), new RecordHeaders());
  }

  private void noRow(String id) {
    add("tier", image(id).getBytes(StandardCharsets.UTF_8), null, new RecordHeaders());
  }

  private void letter(String topic, long offset) {
    RecordHeaders headers = new RecordHeaders();
    Map.of(
            "cnn2gnn.topic",
            topic,
            "cnn2gnn.partition",
            "0",
            "cnn2gnn.offset",
            Long.toString(offset))
        .forEach((name, text) -> headers.add(name, text.getBytes(StandardCharsets.UTF_8)));
    add("dead", KEY, null, headers);
  }

  private Verdict verdict() {
    verifier.read(Duration.ZERO);
    verifier.read(Duration.ZERO);
    return verifier.verdict();
  }

  @Test
  void findsNothingWhereEveryLabelCameToItsEnd() {
    label("a", "cat");
    label("b", "dog");
    label("a", "dog");
    label("b", null);
    add("labels", KEY, new byte[] {9}, new RecordHeaders());
    label("c", "cat");
    outcome(0, "a", "cat", LabelResult.TAUGHT);
    row(0, "a", "cat");
    outcome(1, "b", "dog", LabelResult.TAUGHT);
    row(1, "b", "dog");
    outcome(2, "a", "dog", LabelResult.TAUGHT);
    row(2, "a", "dog");
    outcome(3, "b", null, LabelResult.TAKEN_BACK);
    noRow("b");
    letter("labels", 4);
    letter("images", 0);
    outcome(5, "c", "cat", LabelResult.NOT_FOUND);
    assertThat(verifier.settle(Duration.ofSeconds(5), Duration.ZERO)).isTrue();
    assertThat(verdict())
        .isEqualTo(
            new Verdict(
                6,
                Map.of(LabelResult.TAUGHT, 3, LabelResult.TAKEN_BACK, 1, LabelResult.NOT_FOUND, 1),
                1,
                0,
                0,
                List.of()));
    assertThat(verifier.tier()).extracting(row -> row.row().label()).containsExactly("dog");
  }

  @Test
  void findsALostLabelAndALostRecordThatIsNone() {
    label("a", "cat");
    add("labels", KEY, new byte[] {9}, new RecordHeaders());
    assertThat(verdict().lost()).isEqualTo(2);
    assertThat(verifier.settle(Duration.ZERO, Duration.ZERO)).isFalse();
  }

  @Test
  void findsASecondOutcomeButNotALabelThatLeft() {
    label("a", "cat");
    outcome(0, "a", "cat", LabelResult.TAUGHT);
    outcome(0, "a", "cat", LabelResult.LEFT);
    assertThat(verdict().duplicated()).isZero();
    assertThat(verdict().problems()).isEmpty();
    outcome(0, "a", "cat", LabelResult.REFUSED);
    assertThat(verdict().duplicated()).isEqualTo(1);
  }

  @Test
  void findsALabelThatLeavesTwice() {
    label("a", "cat");
    outcome(0, "a", "cat", LabelResult.TAUGHT);
    outcome(0, "a", "cat", LabelResult.LEFT);
    outcome(0, "a", "cat", LabelResult.LEFT);
    assertThat(verdict().problems()).containsExactly("labels-0@0 left and was not there");
  }

  @Test
  void findsARowThatIsMissingAndOneThatShouldBeGone() {
    label("a", "cat");
    label("b", "cat");
    outcome(0, "a", "cat", LabelResult.TAUGHT);
    outcome(1, "b", "cat", LabelResult.NOT_FOUND);
    row(1, "b", "cat");
    assertThat(verdict().problems())
        .containsExactlyInAnyOrder(
            "the tier has cat for b by labels-0@1, and outcomes say Optional.empty",
            "the tier has not what labels-0@0 has taught");
    assertThat(verifier.settle(Duration.ZERO, Duration.ZERO)).isFalse();
  }

  @Test
  void findsARowWithAnEarlierLabelOrAnotherClass() {
    label("a", "cat");
    label("a", "dog");
    outcome(0, "a", "cat", LabelResult.TAUGHT);
    outcome(1, "a", "dog", LabelResult.TAUGHT);
    row(0, "a", "cat");
    assertThat(verdict().problems()).hasSize(2);
    row(1, "a", "bird");
    assertThat(verdict().problems()).containsExactly("the tier has not what labels-0@1 has taught");
    row(1, "a", "dog");
    assertThat(verdict().problems()).isEmpty();
  }

  @Test
  void findsWhatWasTakenBackThoughItWasAnothersAndWhatWasNotThoughItWasThere() {
    label("a", "cat");
    label("a", null, "mallory");
    label("a", null);
    outcome(0, "a", "cat", LabelResult.TAUGHT);
    row(0, "a", "cat");
    outcome(2, "a", null, LabelResult.NOT_FOUND);
    outcome(1, "a", null, "mallory", LabelResult.TAKEN_BACK);
    noRow("a");
    assertThat(verdict().problems())
        .containsExactly(
            "labels-0@2 found nothing to take back where there was a label",
            "labels-0@1 took back what was not in force");
  }

  @Test
  void findsAnOutcomeOfNoLabelAndOneOfAnotherAndADeadLetterOfALabel() {
    label("a", "cat");
    outcome(0, "a", "dog", LabelResult.NOT_FOUND);
    outcome(7, "b", "cat", LabelResult.NOT_FOUND);
    letter("labels", 0);
    assertThat(verdict().problems())
        .containsExactlyInAnyOrder(
            "the outcome of labels-0@0 is of another label",
            "an outcome tells of labels-0@7, which is no label",
            "a dead letter tells of labels-0@0, which is a label or not there");
  }
}
