package io.cnn2gnn.topology.drift;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.cnn2gnn.model.bundle.Bundle;
import io.cnn2gnn.model.drift.DriftReference;
import io.cnn2gnn.model.drift.Observation;
import io.cnn2gnn.model.graph.Candidates;
import io.cnn2gnn.model.inference.Answer;
import io.cnn2gnn.model.inference.BankMatrix;
import io.cnn2gnn.model.inference.Query;
import io.cnn2gnn.model.inference.StudentModel;
import io.cnn2gnn.model.inference.TestModels;
import io.cnn2gnn.model.torch.Torch;
import io.cnn2gnn.schemas.UnreadableRecordException;
import io.cnn2gnn.schemas.WireReader;
import io.cnn2gnn.schemas.avro.ModelEvent;
import io.cnn2gnn.schemas.avro.ModelEventKind;
import io.cnn2gnn.schemas.release.ModelEventWriter;
import io.cnn2gnn.topology.flow.DecodedImage;
import io.cnn2gnn.topology.flow.Source;
import io.cnn2gnn.topology.serving.Classifier;
import io.cnn2gnn.topology.serving.ServedModel;
import io.confluent.kafka.schemaregistry.client.MockSchemaRegistryClient;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Models that were measured on noise, and other images that come later. */
@Timeout(60)
class DriftMonitorTest {
  private static final int BATCH = 50;
  private static final int WINDOW = DriftReference.WINDOW;

  private final MockSchemaRegistryClient registry = new MockSchemaRegistryClient();
  private final CountDownLatch brokerIsAway = new CountDownLatch(1);
  private final SimpleMeterRegistry metrics = new SimpleMeterRegistry();
  private final List<AutoCloseable> open = new ArrayList<>();
  private boolean away;
  private long nanos;
  private long step = Duration.ofSeconds(10).toNanos();
  private final MockProducer<String, byte[]> producer =
      new MockProducer<>(true, null, new StringSerializer(), new ByteArraySerializer()) {
        @Override
        public synchronized Future<RecordMetadata> send(
            ProducerRecord<String, byte[]> record, Callback then) {
          if (away) {
            try {
              brokerIsAway.await();
            } catch (InterruptedException e) {
              throw new IllegalStateException(e);
            }
          }
          return super.send(record, then);
        }
      };
  private final DriftNews news =
      new DriftNews(
          metrics,
          new ModelEventWriter(producer, "events", "me", registry, true),
          () -> nanos += step);
  private final DriftMonitor monitor = new DriftMonitor(news);

  @AfterEach
  void close() throws Exception {
    brokerIsAway.countDown();
    news.close();
    for (AutoCloseable each : open) {
      each.close();
    }
  }

  private ServedModel serve(Bundle bundle) throws Exception {
    StudentModel model = StudentModel.open(bundle, Torch.device("cpu"), Candidates.BOTH);
    ServedModel served = new ServedModel(model, Classifier.of(model));
    open.add(served);
    return served;
  }

  /** A model whose card says what its answers to noise look like. */
  private ServedModel measured(long seed) throws Exception {
    Bundle plain = TestModels.untrained(seed);
    List<Observation> heldOut = new ArrayList<>();
    ServedModel unmeasured = serve(plain);
    for (int i = 0; i < 20; i++) {
      byte[] noise = TestModels.noise(BATCH, 1_000 + i);
      answer(unmeasured, noise, Optional.empty()).answers().stream()
          .map(answer -> answer.observation(Optional.empty()))
          .forEach(heldOut::add);
    }
    DriftReference usual = DriftReference.learn(heldOut, 1).orElseThrow();
    return serve(
        new Bundle(
            plain.card().with(usual.metrics()),
            plain.weights(),
            plain.prototypes(),
            plain.golden()));
  }

  private record Answered(List<DecodedImage> images, List<Answer> answers) {}

  private static Answered answer(ServedModel model, byte[] pixels, Optional<String> label) {
    List<DecodedImage> images = new ArrayList<>();
    for (int i = 0; i < BATCH; i++) {
      images.add(
          new DecodedImage(
              new Source(
                  "images", 0, i, 0, Optional.empty(), Optional.empty(), new RecordHeaders()),
              Instant.EPOCH,
              new Query("image-" + i, Arrays.copyOfRange(pixels, i * 64, (i + 1) * 64), label),
              model.card().student().input()));
    }
    try (BankMatrix bank = model.model().newBank(0)) {
      return new Answered(
          images,
          model.classifier().classify(images.stream().map(DecodedImage::query).toList(), bank));
    }
  }

  private void noise(ServedModel model, int images, long seed) {
    for (int done = 0; done < images; done += BATCH) {
      hear(model, answer(model, TestModels.noise(BATCH, seed + done), Optional.empty()));
    }
  }

  private void darkness(ServedModel model, int images) {
    for (int done = 0; done < images; done += BATCH) {
      hear(model, answer(model, new byte[BATCH * 64], Optional.empty()));
    }
  }

  private void hear(ServedModel model, Answered batch) {
    monitor.answered(model, batch.images(), batch.answers(), 1);
  }

  private List<ModelEvent> events() throws UnreadableRecordException {
    news.close();
    List<ModelEvent> events = new ArrayList<>();
    WireReader<ModelEvent> reader = new WireReader<>(registry, "models.events", ModelEvent.class);
    for (ProducerRecord<String, byte[]> record : producer.history()) {
      events.add(reader.read(record.headers(), record.value()));
    }
    return events;
  }

  private List<ModelEventKind> kinds() throws UnreadableRecordException {
    return events().stream().map(ModelEvent::getKind).toList();
  }

  private double alarms() {
    return metrics.counter("cnn2gnn.drift.alarms").count();
  }

  @Test
  void tellsOfEveryFullWindowAndOfNoOther() throws Exception {
    ServedModel model = measured(1);
    noise(model, WINDOW - BATCH, 1);
    assertThat(metrics.get("cnn2gnn.drift.confidence").gauge().value()).isNaN();
    noise(model, 2 * WINDOW, 5_000);
    assertThat(events())
        .hasSize(2)
        .allSatisfy(
            event -> {
              assertThat(event.getKind()).isEqualTo(ModelEventKind.STATISTICS);
              assertThat(event.getName() + ":" + event.getVersion()).isEqualTo("test:v1");
              assertThat(event.getMetrics())
                  .containsEntry("images", (double) WINDOW)
                  .containsKeys("confidence", "distance", "farShare", "mixDistance");
            });
    assertThat(metrics.get("cnn2gnn.drift.far.share").gauge().value()).isBetween(0.0, 0.1);
    assertThat(alarms()).isZero();
  }

  @Test
  void otherImagesAreAnAlarmOnceUntilTheUsualOnesAreBack() throws Exception {
    ServedModel model = measured(1);
    noise(model, WINDOW, 1);
    darkness(model, 3 * WINDOW);
    assertThat(alarms()).isEqualTo(1);
    noise(model, WINDOW, 9_000);
    darkness(model, WINDOW);
    assertThat(alarms()).isEqualTo(2);
    assertThat(kinds())
        .containsExactly(
            ModelEventKind.STATISTICS,
            ModelEventKind.STATISTICS,
            ModelEventKind.DRIFTED,
            ModelEventKind.STATISTICS,
            ModelEventKind.STATISTICS,
            ModelEventKind.STATISTICS,
            ModelEventKind.STATISTICS,
            ModelEventKind.DRIFTED);
    assertThat(events().get(2).getMessage()).contains("class mix").contains("500 images");
  }

  @Test
  void anotherModelBeginsAWindowAndRaisesAnAlarmOfItsOwn() throws Exception {
    ServedModel first = measured(1);
    ServedModel second = measured(2);
    darkness(first, 2 * WINDOW - BATCH);
    darkness(second, WINDOW - BATCH);
    assertThat(alarms()).isEqualTo(1);
    darkness(second, BATCH);
    assertThat(alarms()).isEqualTo(2);
    assertThat(events())
        .filteredOn(event -> event.getKind() == ModelEventKind.DRIFTED)
        .extracting(ModelEvent::getVersion)
        .containsExactly("v1", "v2");
  }

  @Test
  void aModelThatWasNotMeasuredIsToldOfWithoutAVerdict() throws Exception {
    ServedModel model = serve(TestModels.untrained(1));
    darkness(model, 2 * WINDOW);
    assertThat(kinds()).containsExactly(ModelEventKind.STATISTICS, ModelEventKind.STATISTICS);
    assertThat(events().get(0).getMetrics()).doesNotContainKeys("farShare", "mixDistance");
  }

  @Test
  void countsRightAnswersOfLabelledImages() throws Exception {
    ServedModel model = measured(1);
    String label = answer(model, new byte[BATCH * 64], Optional.empty()).answers().get(0).label();
    for (int done = 0; done < WINDOW; done += BATCH) {
      Optional<String> truth = done % 100 == 0 ? Optional.of(label) : Optional.empty();
      hear(model, answer(model, new byte[BATCH * 64], truth));
    }
    assertThat(events().get(0).getMetrics())
        .containsEntry("labelled", WINDOW / 2.0)
        .containsEntry("accuracy", 1.0);
  }

  @Test
  void ofWindowsThatFollowFastOnlySomeAreEventsAndEveryAlarmIs() throws Exception {
    step = Duration.ofSeconds(4).toNanos();
    ServedModel model = measured(1);
    noise(model, WINDOW, 1);
    darkness(model, WINDOW);
    noise(model, 2 * WINDOW, 9_000);
    assertThat(kinds())
        .containsExactly(
            ModelEventKind.STATISTICS, ModelEventKind.DRIFTED, ModelEventKind.STATISTICS);
  }

  @Test
  void aBrokerThatIsAwayHoldsNoStreamThreadUp() throws Exception {
    away = true;
    ServedModel model = measured(1);
    Answered batch = answer(model, new byte[BATCH * 64], Optional.empty());
    for (int i = 0; i < 100 * WINDOW / BATCH; i++) {
      hear(model, batch);
    }
    assertThat(metrics.get("cnn2gnn.drift.confidence").gauge().value())
        .isCloseTo(
            batch.answers().stream()
                .mapToDouble(answer -> answer.labels().without().probability())
                .average()
                .orElseThrow(),
            within(1e-6));
    brokerIsAway.countDown();
    assertThat(kinds()).contains(ModelEventKind.STATISTICS, ModelEventKind.DRIFTED);
  }
}
