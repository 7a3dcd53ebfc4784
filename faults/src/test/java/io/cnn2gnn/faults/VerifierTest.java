package io.cnn2gnn.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.cnn2gnn.faults.Verifier.Place;
import io.cnn2gnn.faults.Verifier.TopicSet;
import io.cnn2gnn.faults.Verifier.Verdict;
import io.cnn2gnn.schemas.WireWriter;
import io.cnn2gnn.schemas.avro.Image;
import io.cnn2gnn.schemas.avro.ImageFormat;
import io.cnn2gnn.schemas.avro.InlineImage;
import io.cnn2gnn.schemas.avro.Prediction;
import io.confluent.kafka.schemaregistry.client.MockSchemaRegistryClient;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
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

/** The judge must be able to find each fault that it is there to find. */
class VerifierTest {
  private static final TopicSet TOPICS = new TopicSet("images", "predictions", "dead");

  private final MockSchemaRegistryClient registry = new MockSchemaRegistryClient();
  private final WireWriter<Image> images = new WireWriter<>(registry, "images", Image.class, true);
  private final WireWriter<Prediction> predictions =
      new WireWriter<>(registry, "predictions", Prediction.class, true);
  private final MockConsumer<String, byte[]> consumer = new MockConsumer<>("earliest");
  private final Map<String, Long> ends = new HashMap<>();
  private final List<byte[]> sent = new ArrayList<>();
  private Verifier verifier;

  @BeforeEach
  void open() {
    Map<TopicPartition, Long> begin = new HashMap<>();
    for (String topic : List.of("images", "predictions", "dead")) {
      consumer.updatePartitions(topic, List.of(new PartitionInfo(topic, 0, null, null, null)));
      begin.put(new TopicPartition(topic, 0), 0L);
    }
    consumer.updateBeginningOffsets(begin);
    consumer.updateEndOffsets(begin);
    verifier = new Verifier(consumer, registry, TOPICS);
  }

  @AfterEach
  void close() {
    verifier.close();
  }

  private void add(String topic, String key, byte[] value, RecordHeaders headers) {
    if (topic.equals("images")) {
      sent.add(value);
    }
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

  private void image(String id) {
    add(
        "images",
        "camera",
        images.write(
            Image.newBuilder()
                .setId(id)
                .setCapturedAt(Instant.EPOCH)
                .setContent(
                    InlineImage.newBuilder()
                        .setFormat(ImageFormat.GRAY8)
                        .setBytes(ByteBuffer.allocate(1))
                        .build())
                .build()),
        new RecordHeaders());
  }

  private void answer(String id) {
    answer(id, "batch-" + id, "space", 0);
  }

  private void answer(String id, String batch, String space, long epoch) {
    answer("camera", id, batch, space, epoch);
  }

  private void answer(String key, String id, String batch, String space, long epoch) {
    add(
        "predictions",
        key,
        predictions.write(
            Prediction.newBuilder()
                .setImageId(id)
                .setLabel("cat")
                .setConfidence(1)
                .setScores(List.of())
                .setModelVersion("v1")
                .setSpace(space)
                .setBatchId(batch)
                .setBatchSize(1)
                .setBankEpoch(epoch)
                .setNeighbours(List.of())
                .setCapturedAt(Instant.EPOCH)
                .setPredictedAt(Instant.EPOCH)
                .build()),
        new RecordHeaders());
  }

  private void refusal(long offset) {
    byte[] original =
        sent.size() > offset ? sent.get((int) offset) : new byte[0]; // or of a record that is none
    refusal(offset, "camera", original, Map.of());
  }

  private void refusal(long offset, String key, byte[] value, Map<String, String> more) {
    RecordHeaders headers = new RecordHeaders();
    Map<String, String> all = new HashMap<>(more);
    all.putIfAbsent("cnn2gnn.topic", "images");
    all.put("cnn2gnn.partition", "0");
    all.put("cnn2gnn.offset", Long.toString(offset));
    all.put("cnn2gnn.reason", "CORRUPT_IMAGE");
    all.forEach((name, text) -> headers.add(name, text.getBytes(StandardCharsets.UTF_8)));
    add("dead", key, value, headers);
  }

  private Verdict verdict() {
    verifier.read(Duration.ZERO);
    verifier.read(Duration.ZERO);
    return verifier.verdict();
  }

  @Test
  void findsNothingWhereEveryRecordCameToItsEnd() {
    image("a");
    image("b");
    add("images", "camera", new byte[] {9}, new RecordHeaders());
    image("a");
    answer("a");
    refusal(1);
    refusal(2);
    answer("a", "batch-2", "space", 3);
    assertThat(verifier.settle(Duration.ofSeconds(5), Duration.ZERO)).isTrue();
    assertThat(verdict()).isEqualTo(new Verdict(4, 2, 2, 0, 0, List.of()));
    assertThat(verifier.reasons(new Place(0, 1))).containsExactly("CORRUPT_IMAGE");
  }

  @Test
  void takesNoRefusalOfALabelForAnImages() {
    image("a");
    refusal(0, "camera", sent.get(0), Map.of("cnn2gnn.topic", "labels"));
    assertThat(verdict().lost()).isEqualTo(1);
    assertThat(verdict().deadLettered()).isZero();
  }

  @Test
  void findsALostImageAndALostRecordThatIsNone() {
    image("a");
    add("images", "camera", new byte[] {9}, new RecordHeaders());
    image("b");
    answer("b");
    assertThat(verdict().lost()).isEqualTo(2);
    assertThat(verifier.settle(Duration.ZERO, Duration.ZERO)).isFalse();
  }

  @Test
  void findsASecondAnswerASecondRefusalAndBothForOneRecord() {
    image("a");
    image("b");
    image("c");
    answer("a");
    answer("a", "batch-2", "space", 0);
    refusal(1);
    refusal(1);
    answer("c");
    refusal(2);
    assertThat(verdict().lost()).isZero();
    assertThat(verdict().duplicated()).isEqualTo(3);
  }

  @Test
  void findsAnswersOutOfOrder() {
    image("a");
    image("b");
    answer("b");
    answer("a");
    assertThat(verdict().problems()).containsExactly("the answers for key camera are out of order");
  }

  @Test
  void findsAnAnswerUnderAnotherKey() {
    image("a");
    answer("another", "a", "batch", "space", 0);
    assertThat(verdict().problems()).containsExactly("the answer to a has another key");
  }

  @Test
  void findsABatchOfTwoSpacesAndOfMoreAnswersThanImages() {
    image("a");
    image("b");
    answer("a", "batch", "space", 0);
    answer("b", "batch", "another", 0);
    assertThat(verdict().problems())
        .containsExactlyInAnyOrder(
            "batch batch mixes two embedding spaces", "batch batch has more answers than images");
  }

  @Test
  void findsABankThatWentBack() {
    image("a");
    image("b");
    answer("a", "batch-a", "space", 7);
    answer("b", "batch-b", "space", 6);
    assertThat(verdict().problems())
        .containsExactly("the bank of partition 0 went back from epoch 7 to 6");
  }

  @Test
  void findsADeadLetterOfAnotherKeyOrValueAndTakesOneThatWasCut() {
    byte[] ten = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9};
    // sha256sum of the ten bytes
    String hash = "1f825aa2f0020ef7cf91dfa30da4668d791c5d4824fc8e41354b89ec05795ab3";
    for (int i = 0; i < 6; i++) {
      add("images", i == 5 ? null : "camera", i == 5 ? null : ten, new RecordHeaders());
    }
    byte[] cut = {0, 1};
    refusal(0, "another", ten, Map.of());
    refusal(1, "camera", cut, Map.of());
    refusal(2, "cam", cut, Map.of("cnn2gnn.value.bytes", "10", "cnn2gnn.value.sha256", hash));
    refusal(3, "camera", cut, Map.of("cnn2gnn.value.bytes", "11", "cnn2gnn.value.sha256", hash));
    refusal(4, "camera", ten, Map.of());
    refusal(5, null, null, Map.of());
    assertThat(verdict().problems())
        .containsExactlyInAnyOrder(
            "the dead letter of 0@0 has another key or value",
            "the dead letter of 0@1 has another key or value",
            "the dead letter of 0@3 has another key or value");
  }

  @Test
  void findsAnAnswerWithoutItsModelsVersionAndARefusalOfNothing() {
    image("a");
    answer("a", "", "space", 0);
    refusal(77);
    assertThat(verdict().problems())
        .containsExactlyInAnyOrder(
            "a lacks its model version, batch or space",
            "a dead letter names a record that the input topic does not have");
  }
}
