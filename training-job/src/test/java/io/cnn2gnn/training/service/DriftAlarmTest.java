package io.cnn2gnn.training.service;

import static org.assertj.core.api.Assertions.assertThat;

import io.cnn2gnn.schemas.WireReader;
import io.cnn2gnn.schemas.WireWriter;
import io.cnn2gnn.schemas.avro.ModelEvent;
import io.cnn2gnn.schemas.avro.ModelEventKind;
import io.cnn2gnn.training.topic.TopicRange;
import io.confluent.kafka.schemaregistry.client.MockSchemaRegistryClient;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

class DriftAlarmTest {
  private static final TopicPartition AT = new TopicPartition("models.events", 0);
  private static final Instant NOON = Instant.parse("2026-11-25T12:00:00Z");

  private final MockSchemaRegistryClient registry = new MockSchemaRegistryClient();
  private final MockConsumer<byte[], byte[]> consumer = new MockConsumer<>("earliest");
  private final WireWriter<ModelEvent> writer =
      new WireWriter<>(registry, AT.topic(), ModelEvent.class, true);
  private long next;

  private void tell(String model, ModelEventKind kind, Instant at) {
    ModelEvent event =
        ModelEvent.newBuilder()
            .setName(model)
            .setVersion("1")
            .setInstance("instance-7")
            .setKind(kind)
            .setMessage("blue everywhere")
            .setAt(at)
            .build();
    send(writer.write(event));
  }

  private void send(byte[] value) {
    consumer.addRecord(new ConsumerRecord<>(AT.topic(), 0, next++, new byte[0], value));
  }

  private static Optional<LastTraining> last(Instant end) {
    return Optional.of(
        new LastTraining("1", new TopicRange("images", Map.of()), TopicRange.NONE, end.toString()));
  }

  @Test
  void onlyDriftOfThisModelSinceTheLastTrainingRaisesTheAlarm() throws Exception {
    consumer.updatePartitions(
        AT.topic(), List.of(new PartitionInfo(AT.topic(), 0, null, null, null)));
    consumer.updateBeginningOffsets(Map.of(AT, 0L));
    try (DriftAlarm alarm =
        new DriftAlarm(
            AT.topic(),
            "m",
            consumer,
            new WireReader<>(registry, "models.events", ModelEvent.class))) {
      assertThat(alarm.fired(Optional.empty())).isEmpty();
      tell("other", ModelEventKind.DRIFTED, NOON);
      tell("m", ModelEventKind.STATISTICS, NOON);
      send(new byte[] {1, 2});
      assertThat(alarm.fired(Optional.empty())).isEmpty();
      tell("m", ModelEventKind.DRIFTED, NOON);
      tell("m", ModelEventKind.DRIFTED, NOON.minusSeconds(60));
      assertThat(alarm.fired(last(NOON))).isEmpty();
      assertThat(alarm.fired(last(NOON.minusSeconds(1))).orElseThrow())
          .contains("instance-7", "m:1", "2026-11-25T12:00:00Z", "blue everywhere");
      assertThat(alarm.fired(Optional.empty())).as("as long as nothing was trained").isPresent();
    }
  }
}
