package io.cnn2gnn.schemas;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.cnn2gnn.schemas.UnreadableRecordException.Reason;
import io.cnn2gnn.schemas.avro.AnswerSource;
import io.cnn2gnn.schemas.avro.ImageCoordinates;
import io.cnn2gnn.schemas.avro.Neighbour;
import io.cnn2gnn.schemas.avro.NeighbourOrigin;
import io.cnn2gnn.schemas.avro.NeighbourTier;
import io.cnn2gnn.schemas.avro.Prediction;
import io.cnn2gnn.schemas.avro.Score;
import io.confluent.kafka.schemaregistry.client.MockSchemaRegistryClient;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PlainJsonTest {
  private static final JsonMapper MAPPER = JsonMapper.builder().build();

  private final PlainJson<Prediction> json = new PlainJson<>(Prediction.class);

  private static Prediction prediction(String id) {
    return Prediction.newBuilder()
        .setImageId(id)
        .setLabel("Bag")
        .setConfidence(0.1f)
        .setScores(List.of(new Score("Bag", 0.1f), new Score("Shirt", 1e-7f)))
        .setModelVersion("fashion/1")
        .setSpace("0123")
        .setBatchId("b")
        .setBatchSize(2)
        .setBankEpoch(1L << 60)
        .setNeighbours(
            List.of(
                Neighbour.newBuilder()
                    .setImageId("n")
                    .setWeight(0.25f)
                    .setOrigin(NeighbourOrigin.BANK)
                    .setTier(NeighbourTier.LABELLED)
                    .setReliability(0.5f)
                    .build()))
        .setCapturedAt(Instant.parse("2026-01-31T12:00:00.123456Z"))
        .setPredictedAt(Instant.parse("1969-12-31T23:59:59.999999Z"))
        .setDecidedBy(AnswerSource.TWIN)
        .setImage(new ImageCoordinates("images", 1, 42L))
        .build();
  }

  @Test
  void aRecordComesBackAsItWas() throws Exception {
    assertThat(json.read(json.write(prediction("a")))).isEqualTo(prediction("a"));
  }

  @Test
  void itIsPlainJson() throws Exception {
    JsonNode tree = MAPPER.readTree(json.write(prediction("a")));
    assertThat(tree.get("capturedAt").textValue()).isEqualTo("2026-01-31T12:00:00.123456Z");
    assertThat(tree.get("decidedBy").textValue()).isEqualTo("TWIN");
    assertThat(tree.get("image").get("offset").longValue()).isEqualTo(42);
    assertThat(tree.get("alone").isNull()).isTrue();
    assertThat(tree.get("neighbours").get(0).get("label").isNull()).isTrue();
  }

  @Test
  void anyTextComesBackAsItWas() throws Exception {
    Random random = new Random(5);
    for (int i = 0; i < 2_000; i++) {
      StringBuilder id = new StringBuilder();
      for (int k = random.nextInt(40); k >= 0; k--) {
        int c = random.nextInt(random.nextBoolean() ? 0x100 : 0x110000);
        id.appendCodePoint(c >= 0xD800 && c < 0xE000 ? '"' : c);
      }
      String text = id.toString();
      assertThat(json.read(json.write(prediction(text))).getImageId()).isEqualTo(text);
    }
  }

  @Test
  void anOlderOrNewerRecordIsReadAsWithAvro() throws Exception {
    ObjectNode tree = (ObjectNode) MAPPER.readTree(json.write(prediction("a")));
    tree.remove(List.of("decidedBy", "image", "labelledEpoch"));
    tree.put("unheardOf", 1);
    ((ObjectNode) tree.get("neighbours").get(0)).put("tier", "UNHEARD_OF");

    Prediction read = json.read(MAPPER.writeValueAsBytes(tree));

    assertThat(read.getDecidedBy()).isEqualTo(AnswerSource.STUDENT);
    assertThat(read.getImage()).isNull();
    assertThat(read.getLabelledEpoch()).isZero();
    assertThat(read.getNeighbours().get(0).getTier()).isEqualTo(NeighbourTier.OTHER);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "imageId     | 7        | Prediction.imageId must be a text",
        "confidence  | \"much\" | Prediction.confidence must be a number",
        "batchSize   | 1.5      | Prediction.batchSize must be a whole number",
        "bankEpoch   | 1e30     | Prediction.bankEpoch must be a whole number",
        "scores      | {}       | Prediction.scores must be a list",
        "scores      | [1]      | Prediction.scores[0] must be an object",
        "image       | {}       | Prediction.image.topic must be there",
        "capturedAt  | 7        | Prediction.capturedAt must be a time such as 2026-01-31T12:00:00Z",
      })
  void whatDoesNotFitIsNamed(String field, String value, String message) throws Exception {
    ObjectNode tree = (ObjectNode) MAPPER.readTree(json.write(prediction("a")));
    tree.set(field, MAPPER.readTree(value));
    assertThatThrownBy(() -> json.read(MAPPER.writeValueAsBytes(tree)))
        .isInstanceOf(UnreadableRecordException.class)
        .hasMessage(message)
        .extracting(e -> ((UnreadableRecordException) e).reason())
        .isEqualTo(Reason.CORRUPT_JSON);
  }

  @Test
  void hostileBytesAreUnreadableAndNothingElse() {
    byte[] whole = json.write(prediction("a"));
    Random random = new Random(6);
    for (int i = 0; i < 20_000; i++) {
      byte[] value = whole.clone();
      for (int k = random.nextInt(4); k >= 0; k--) {
        value[1 + random.nextInt(value.length - 1)] = (byte) random.nextInt();
      }
      try {
        assertThat(json.read(value)).isNotNull();
      } catch (UnreadableRecordException e) {
        assertThat(e.reason()).isEqualTo(Reason.CORRUPT_JSON);
      }
    }
    byte[] deep = "{\"neighbours\":".concat("[".repeat(100_000)).getBytes(StandardCharsets.UTF_8);
    assertThatThrownBy(() -> json.read(deep)).isInstanceOf(UnreadableRecordException.class);
  }

  @Test
  void aTopicMayHoldBothFormats() throws Exception {
    MockSchemaRegistryClient registry = new MockSchemaRegistryClient();
    PredictionReader reader = new PredictionReader(registry, "predictions");
    byte[] avro =
        new WireWriter<>(registry, "predictions", Prediction.class, true).write(prediction("a"));

    RecordHeaders none = new RecordHeaders();

    assertThat(reader.read(none, avro)).isEqualTo(reader.read(none, json.write(prediction("a"))));
    assertThatThrownBy(() -> reader.read(none, null)).isInstanceOf(UnreadableRecordException.class);
  }
}
