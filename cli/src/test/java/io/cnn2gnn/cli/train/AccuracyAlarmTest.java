package io.cnn2gnn.cli.train;

import static org.assertj.core.api.Assertions.assertThat;

import io.cnn2gnn.cli.Shipped;
import io.cnn2gnn.model.bundle.Bundle;
import io.cnn2gnn.model.bundle.ModelCard;
import io.cnn2gnn.schemas.WireReader;
import io.cnn2gnn.schemas.avro.ModelEvent;
import io.cnn2gnn.schemas.release.ModelEventWriter;
import io.cnn2gnn.topology.metrics.AppMetrics;
import io.cnn2gnn.topology.truth.TruthMonitor;
import io.cnn2gnn.topology.truth.TruthNews;
import io.cnn2gnn.training.service.DriftAlarm;
import io.confluent.kafka.schemaregistry.client.MockSchemaRegistryClient;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;

/** What a service tells of a drop in accuracy, and what training by {@code --on-drift} hears. */
class AccuracyAlarmTest {
  private static final TopicPartition AT = new TopicPartition("models.events", 0);

  private final MockSchemaRegistryClient registry = new MockSchemaRegistryClient();

  /** The events of 500 judged answers of a model, so many of which were wrong. */
  private List<ProducerRecord<String, byte[]>> told(ModelCard card, int wrong) {
    MockProducer<String, byte[]> producer =
        new MockProducer<>(true, null, new StringSerializer(), new ByteArraySerializer());
    SimpleMeterRegistry metrics = new SimpleMeterRegistry();
    TruthMonitor monitor =
        new TruthMonitor(() -> card, new AppMetrics(metrics).counter(TruthMonitor.METER));
    for (int i = 0; i < 500; i++) {
      monitor.told(card.id(), "Bag", i < wrong ? "Coat" : "Bag");
    }
    new TruthNews(
            monitor, metrics, new ModelEventWriter(producer, AT.topic(), "me", registry, true))
        .close();
    return producer.history();
  }

  private Optional<String> fired(ModelCard card, int wrong) throws Exception {
    MockConsumer<byte[], byte[]> consumer = new MockConsumer<>("earliest");
    consumer.updatePartitions(
        AT.topic(), List.of(new PartitionInfo(AT.topic(), 0, null, null, null)));
    consumer.updateBeginningOffsets(Map.of(AT, 0L));
    try (DriftAlarm alarm =
        new DriftAlarm(
            AT.topic(),
            card.name(),
            consumer,
            new WireReader<>(registry, "models.events", ModelEvent.class))) {
      assertThat(alarm.fired(Optional.empty())).isEmpty();
      long offset = 0;
      for (ProducerRecord<String, byte[]> event : told(card, wrong)) {
        consumer.addRecord(
            new ConsumerRecord<>(AT.topic(), 0, offset++, new byte[0], event.value()));
      }
      assertThat(offset).isPositive();
      return alarm.fired(Optional.empty());
    }
  }

  @Test
  void aDropInAccuracyAsksForATrainingAndWhatIsUsualDoesNot() throws Exception {
    ModelCard shipped = Bundle.read(Shipped.BUNDLE).card();
    assertThat(fired(shipped, 50)).isEmpty();
    assertThat(fired(shipped, 100).orElseThrow())
        .contains(shipped.id(), "accuracy is 0.800, below the 0.", "of held-out images");
  }
}
