package io.cnn2gnn.topology.truth;

import static org.assertj.core.api.Assertions.assertThat;

import io.cnn2gnn.model.bundle.ModelCard;
import io.cnn2gnn.model.inference.TestModels;
import io.cnn2gnn.schemas.UnreadableRecordException;
import io.cnn2gnn.schemas.WireReader;
import io.cnn2gnn.schemas.avro.ModelEvent;
import io.cnn2gnn.schemas.avro.ModelEventKind;
import io.cnn2gnn.schemas.release.ModelEventWriter;
import io.cnn2gnn.topology.metrics.AppMetrics;
import io.confluent.kafka.schemaregistry.client.MockSchemaRegistryClient;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;

class TruthNewsTest {
  private static final int WINDOW = TruthWindow.SIZE;

  private final MockSchemaRegistryClient registry = new MockSchemaRegistryClient();
  private final SimpleMeterRegistry metrics = new SimpleMeterRegistry();
  private final MockProducer<String, byte[]> producer =
      new MockProducer<>(true, null, new StringSerializer(), new ByteArraySerializer());
  private ModelCard inService = TestModels.untrained(1).card().with(Map.of("accuracy", 0.9));
  private final TruthMonitor monitor =
      new TruthMonitor(() -> inService, new AppMetrics(metrics).counter(TruthMonitor.METER));
  private final TruthNews news =
      new TruthNews(
          monitor, metrics, new ModelEventWriter(producer, "events", "me", registry, true));

  private List<ModelEvent> events() throws UnreadableRecordException {
    List<ModelEvent> events = new ArrayList<>();
    WireReader<ModelEvent> reader = new WireReader<>(registry, "models.events", ModelEvent.class);
    for (ProducerRecord<String, byte[]> record : producer.history()) {
      events.add(reader.read(record.headers(), record.value()));
    }
    producer.clear();
    return events;
  }

  private void judge(int answers, String answered, String truth) {
    for (int i = 0; i < answers; i++) {
      monitor.told(inService.id(), answered, truth);
    }
  }

  @Test
  void tellsOfTheWindowWhenSomethingWasJudged() throws Exception {
    news.tell();
    assertThat(events()).isEmpty();
    assertThat(metrics.get("cnn2gnn.truth.accuracy").gauge().value()).isNaN();

    judge(3, "ant", "ant");
    judge(1, "ant", "of somebody");
    news.tell();
    news.tell();
    assertThat(events())
        .singleElement()
        .satisfies(
            event -> {
              assertThat(event.getKind()).isEqualTo(ModelEventKind.STATISTICS);
              assertThat(event.getName() + ":" + event.getVersion()).isEqualTo(inService.id());
              assertThat(event.getMessage()).startsWith("75.0 % of the last 4 answers");
              assertThat(event.getMetrics())
                  .containsExactlyInAnyOrderEntriesOf(
                      Map.of(
                          "truth.judged", 4.0,
                          "truth.accuracy", 0.75,
                          "truth.usual", 0.9,
                          "truth.recall.ant", 1.0,
                          "truth.recall.(other)", 0.0));
            });
    assertThat(metrics.get("cnn2gnn.truth.accuracy").gauge().value()).isEqualTo(0.75);
    assertThat(metrics.get("cnn2gnn.truth.judged").gauge().value()).isEqualTo(4);
    assertThat(recall()).containsOnlyKeys("ant", "(other)").containsEntry("ant", 1.0);

    judge(1, "ant", "ant");
    news.tell();
    assertThat(events()).hasSize(1);
  }

  private Map<String, Double> recall() {
    return metrics.find("cnn2gnn.truth.recall").gauges().stream()
        .collect(Collectors.toMap(gauge -> gauge.getId().getTag("class"), Gauge::value));
  }

  @Test
  void aDropIsToldAsDriftIs() throws Exception {
    judge(WINDOW, "ant", "bee");
    news.tell();
    List<ModelEvent> events = events();
    assertThat(events)
        .extracting(ModelEvent::getKind)
        .containsExactly(ModelEventKind.DRIFTED, ModelEventKind.STATISTICS);
    assertThat(events.get(0).getName()).isEqualTo(inService.name());
    assertThat(events.get(0).getMessage())
        .contains("accuracy is 0.000, below the 0.900", "500 answers");
    assertThat(metrics.get("cnn2gnn.drift.alarms").counter().count()).isEqualTo(1);
    news.tell();
    assertThat(events()).isEmpty();
  }

  @Test
  void metricsAreOfTheModelInService() {
    judge(4, "ant", "ant");
    news.tell();
    inService = TestModels.untrained(2).card();
    news.tell();
    assertThat(metrics.get("cnn2gnn.truth.accuracy").gauge().value()).isNaN();
    assertThat(recall()).isEmpty();
  }

  @Test
  void whatWasJudgedLastIsToldOfWhenItCloses() throws Exception {
    news.start();
    judge(1, "ant", "ant");
    news.close();
    assertThat(events()).hasSize(1);
  }
}
