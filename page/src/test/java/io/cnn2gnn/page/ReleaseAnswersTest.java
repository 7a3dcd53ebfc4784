package io.cnn2gnn.page;

import static org.assertj.core.api.Assertions.assertThat;

import io.cnn2gnn.page.release.ReleaseBoard;
import io.cnn2gnn.page.release.ReleaseBoard.Row;
import io.cnn2gnn.page.release.ReleaseEvents;
import io.cnn2gnn.schemas.WireWriter;
import io.cnn2gnn.schemas.avro.BundleReference;
import io.cnn2gnn.schemas.avro.ModelRelease;
import io.cnn2gnn.schemas.avro.ReleaseState;
import io.cnn2gnn.schemas.release.ReleaseControl;
import io.cnn2gnn.schemas.release.ReleaseReader;
import io.cnn2gnn.schemas.release.ReleaseWriter;
import io.confluent.kafka.schemaregistry.client.MockSchemaRegistryClient;
import io.confluent.kafka.schemaregistry.client.SchemaRegistryClient;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;

class ReleaseAnswersTest {
  private static final TopicPartition AT = new TopicPartition("models", 0);
  private static final ModelRelease CANDIDATE =
      ModelRelease.newBuilder()
          .setName("signs")
          .setVersion("3")
          .setSpace("x")
          .setBundle(new BundleReference("file:///3", "ab".repeat(32), 9L))
          .setState(ReleaseState.CANDIDATE)
          .setMetrics(Map.of())
          .setCreatedAt(Instant.EPOCH)
          .setReason("")
          .build();

  private final SchemaRegistryClient registry = new MockSchemaRegistryClient();
  private final MockConsumer<String, byte[]> consumer = new MockConsumer<>("earliest");
  private final MockProducer<String, byte[]> producer =
      new MockProducer<>(true, null, new StringSerializer(), new ByteArraySerializer());

  /** Whose reader has the schema, and whose writer may not register it. */
  private final ReleaseBoard board =
      new ReleaseBoard(
          new ReleaseControl(
              () -> new ReleaseReader(consumer, "models", registry),
              () -> new ReleaseWriter(producer, "models", new MockSchemaRegistryClient(), false)),
          new ReleaseEvents());

  @Test
  void aSchemaThatNobodyHasRegisteredIsSaidAndNotAFailure() throws Exception {
    consumer.updateBeginningOffsets(Map.of(AT, 0L));
    consumer.updateEndOffsets(Map.of(AT, 0L));
    assertThat(board.rows()).isEmpty();
    byte[] value = new WireWriter<>(registry, "models", ModelRelease.class, true).write(CANDIDATE);
    consumer.addRecord(new ConsumerRecord<>("models", 0, 0, "signs:3", value));
    consumer.updateEndOffsets(Map.of(AT, 1L));
    Row row = board.rows().get(0);
    Map<String, Object> order =
        Map.of(
            "action", "promote",
            "name", row.name(),
            "version", row.version(),
            "record", row.record(),
            "will", row.offers().get(0).will());

    Reply reply = new ReleaseAnswers(board).decide(Json.GSON.toJson(order), Optional.empty());
    assertThat(reply.status()).isEqualTo(503);
    assertThat(new String(reply.body(), StandardCharsets.UTF_8))
        .contains("nothing was written", "does not hold the schema");
  }
}
