package io.cnn2gnn.training.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.Device;
import io.cnn2gnn.intake.ImageReader;
import io.cnn2gnn.intake.ImageRecords;
import io.cnn2gnn.intake.LabelRecords;
import io.cnn2gnn.model.bundle.Bundle;
import io.cnn2gnn.model.reference.AllowList;
import io.cnn2gnn.schemas.RegistryUnavailableException;
import io.cnn2gnn.schemas.WireReader;
import io.cnn2gnn.schemas.avro.Image;
import io.cnn2gnn.schemas.avro.Label;
import io.cnn2gnn.schemas.avro.LabelKind;
import io.cnn2gnn.schemas.avro.ModelRelease;
import io.cnn2gnn.schemas.avro.ReleaseState;
import io.cnn2gnn.schemas.release.ReleaseReader;
import io.cnn2gnn.schemas.release.ReleaseWriter;
import io.cnn2gnn.training.TestBundles;
import io.cnn2gnn.training.data.DataSet;
import io.cnn2gnn.training.gate.GateOptions;
import io.cnn2gnn.training.gate.WhenTooFew;
import io.cnn2gnn.training.release.BundleFetcher;
import io.cnn2gnn.training.release.BundleStore;
import io.cnn2gnn.training.release.ReleaseRecords;
import io.cnn2gnn.training.topic.FakeTopic;
import io.cnn2gnn.training.topic.Sampling;
import io.cnn2gnn.training.topic.Side;
import io.cnn2gnn.training.topic.StreamData;
import io.cnn2gnn.training.topic.StreamRange;
import io.cnn2gnn.training.topic.TimePoint;
import io.cnn2gnn.training.topic.TopicImages;
import io.cnn2gnn.training.topic.TopicLabels;
import io.cnn2gnn.training.topic.TopicRange;
import io.confluent.kafka.schemaregistry.client.MockSchemaRegistryClient;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The service on topics in memory, with a trainer that needs no time. */
class TrainingServiceTest {
  private static final TopicPartition MODELS = new TopicPartition("models", 0);

  @TempDir private Path folder;
  private final MockSchemaRegistryClient registry = new MockSchemaRegistryClient();
  private final FakeTopic topic = new FakeTopic("images", 2, registry);
  private final ImageReader reader =
      new ImageRecords(new WireReader<>(registry, "images", Image.class));
  private final FakeTopic said = new FakeTopic("labels", 2, registry);
  private final LabelRecords labelRecords =
      new LabelRecords(new WireReader<>(registry, "labels", Label.class));
  private final TopicImages images =
      new TopicImages(
          "images",
          new TopicLabels("labels", said::consumer, labelRecords, Duration.ofMillis(500)),
          topic::consumer,
          reader,
          Duration.ofMillis(500));
  private final List<byte[]> models = new ArrayList<>();
  private final FakeLease lease = new FakeLease();
  private final FakeTrainer trainer = new FakeTrainer();
  private final MovingClock clock = new MovingClock();
  private TrainingFolder memory;
  private WhenTooFew whenTooFew = WhenTooFew.CANDIDATE;
  private int sent;

  /** Stands for a process that is killed: whatever it was about to do, it does not. */
  private static final class Killed extends RuntimeException {
    private static final long serialVersionUID = 1;
  }

  private static final class FakeLease implements Lease {
    private volatile long term = 1;
    private boolean confirms = true;

    @Override
    public long term() {
      return term;
    }

    @Override
    public long awaitHeld() {
      return term;
    }

    @Override
    public boolean confirm(long begun) {
      return confirms && term == begun;
    }
  }

  private static final class MovingClock extends Clock {
    private Instant now = Instant.parse("2026-11-25T10:00:00.123Z");

    @Override
    public Instant instant() {
      return now;
    }

    @Override
    public ZoneId getZone() {
      return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
      throw new UnsupportedOperationException();
    }
  }

  private final class FakeTrainer implements Trainer {
    private final List<PendingTraining> trained = new ArrayList<>();
    private Runnable during = () -> {};
    private UnaryOperator<Bundle> after = bundle -> bundle;
    private boolean hangs;

    @Override
    public StreamRange range() throws IOException, InterruptedException {
      return images.range(new TimePoint.Earliest(), new TimePoint.Latest());
    }

    @Override
    public DataSet read(PendingTraining training) throws IOException, InterruptedException {
      return new StreamData(
              images,
              training.learnsFrom(),
              new Sampling(0.5, Side.of(1), 1, 1000, Optional.empty(), training.classes()),
              Optional.empty())
          .read();
    }

    @Override
    public Bundle train(PendingTraining training, DataSet data, Path out, Path work)
        throws IOException, InterruptedException {
      trained.add(training);
      Files.createDirectories(work);
      Files.writeString(work.resolve("student.checkpoint"), "half of it");
      if (hangs) {
        lease.term = 0;
        // Until it is interrupted.
        new CountDownLatch(1).await();
      }
      during.run();
      Bundle bundle = after.apply(TestBundles.untrained("m", training.version(), Map.of()));
      bundle.write(out);
      return bundle;
    }
  }

  @BeforeEach
  void open() throws IOException {
    memory = new TrainingFolder(folder.resolve("work"));
  }

  private void label(int count) {
    for (int i = 0; i < count; i++) {
      send(Optional.of(sent % 2 == 0 ? "ant" : "bee"));
    }
  }

  private void send(Optional<String> label) {
    byte[] pixels = TestBundles.noise(1, sent);
    topic.send(sent % 2, 1000L * sent, FakeTopic.image("image-" + sent, label, 8, 8, pixels));
    sent++;
  }

  private ReleaseReader modelsReader() {
    MockConsumer<String, byte[]> consumer = new MockConsumer<>("earliest");
    consumer.updateBeginningOffsets(Map.of(MODELS, 0L));
    consumer.updateEndOffsets(Map.of(MODELS, (long) models.size()));
    ReleaseReader opened = new ReleaseReader(consumer, "models", registry);
    for (int i = 0; i < models.size(); i++) {
      consumer.addRecord(new ConsumerRecord<>("models", 0, i, "key", models.get(i)));
    }
    return opened;
  }

  private ReleaseWriter modelsWriter() {
    MockProducer<String, byte[]> producer =
        new MockProducer<>(true, null, new StringSerializer(), new ByteArraySerializer()) {
          @Override
          public synchronized Future<RecordMetadata> send(ProducerRecord<String, byte[]> record) {
            models.add(record.value());
            return super.send(record);
          }
        };
    return new ReleaseWriter(producer, "models", registry, true);
  }

  private BundleStore store() {
    return new BundleStore(folder.resolve("store"));
  }

  private BundleFetcher fetcher() throws IOException {
    return store().fetcher(AllowList.of(AllowList.BUNDLES, ""), Duration.ofSeconds(5));
  }

  private ReleaseDesk desk(Optional<Bundle> fallback, ReleaseState passed, double tolerance)
      throws IOException {
    return new ReleaseDesk(
        this::modelsReader,
        this::modelsWriter,
        fetcher(),
        store(),
        new ReleaseRecords(clock),
        new ReleaseDesk.Rules(
            new GateOptions(tolerance, 1000, whenTooFew, 1), fallback, passed, Device.cpu()));
  }

  private ReleaseDesk desk() throws IOException {
    return desk(Optional.empty(), ReleaseState.CANDIDATE, 1);
  }

  /** One training of a process that begins and ends with it. */
  private void step(ReleaseDesk desk, Trigger... triggers) throws Exception {
    try (LabelCounter labels = labels()) {
      service(desk, labels, List.of(triggers)).step();
    }
  }

  private TrainingService service(ReleaseDesk desk, LabelCounter labels, List<Trigger> triggers) {
    return new TrainingService(
        "m",
        lease,
        triggers,
        labels,
        memory,
        trainer,
        desk,
        new TrainingService.Pace(clock, Duration.ofMillis(1), Duration.ofMillis(1)));
  }

  private LabelCounter labels() throws Exception {
    return labels(List.of(topic, said));
  }

  private LabelCounter labels(List<FakeTopic> topics) throws Exception {
    return new LabelCounter(
        trainer.range().images(), "labels", FakeTopic.consumer(topics), reader, labelRecords);
  }

  private PendingTraining pending(String version, List<String> classes) throws Exception {
    StreamRange range = trainer.range();
    return new PendingTraining(version, range.images(), range.labels(), classes, "");
  }

  private LastTraining last(String version) throws Exception {
    PendingTraining now = pending(version, List.of());
    return new LastTraining(version, now.range(), now.labels(), clock.now.toString());
  }

  private void say(String id, String label) {
    said.send(0, 0, FakeTopic.label(id, label, "ann", LabelKind.TRUTH));
  }

  private static final Trigger ALWAYS = last -> Optional.of("a test");

  private List<ModelRelease> releases() throws Exception {
    return desk().releases().of("m");
  }

  private List<String> files(String name) throws IOException {
    try (Stream<Path> list = Files.list(folder.resolve(name))) {
      return list.map(f -> f.getFileName().toString()).sorted().toList();
    }
  }

  @Test
  void aTriggerLeadsToACandidateWithItsBundleInTheStore() throws Exception {
    label(40);
    step(desk(), ALWAYS);
    ModelRelease release = releases().get(0);
    assertThat(release.getVersion()).isEqualTo("20261125-100000");
    assertThat(release.getState()).isEqualTo(ReleaseState.CANDIDATE);
    assertThat(release.getReason()).startsWith("passed: no release is active");
    Bundle fetched = fetcher().fetch(release);
    assertThat(fetched.card().id()).isEqualTo("m:20261125-100000");
    assertThat(files("work")).containsExactly("last.json");
    assertThat(memory.last().orElseThrow().ended()).isEqualTo(clock.now);
    assertThat(memory.last().orElseThrow().range()).isEqualTo(trainer.range().images());
    assertThat(memory.last().orElseThrow().labels()).isEqualTo(trainer.range().labels());
  }

  @Test
  void theActiveReleaseGivesItsClassesAndIsWhatTheCandidateIsComparedWith() throws Exception {
    label(40);
    step(desk(Optional.empty(), ReleaseState.ACTIVE, 1), ALWAYS);
    assertThat(releases().get(0).getState()).isEqualTo(ReleaseState.ACTIVE);
    label(40);
    clock.now = clock.now.plusSeconds(60);
    step(desk(Optional.empty(), ReleaseState.ACTIVE, 1), ALWAYS);
    assertThat(trainer.trained.get(0).classes()).isEmpty();
    assertThat(trainer.trained.get(1).classes()).containsExactly("ant", "bee");
    ModelRelease second = releases().get(0);
    assertThat(second.getVersion()).isEqualTo("20261125-100100");
    assertThat(second.getState()).isEqualTo(ReleaseState.ACTIVE);
    assertThat(second.getReason())
        .startsWith("passed the gate: on ")
        .contains("m:20261125-100000: 0.");
  }

  @Test
  void aWorseOneIsPublishedAsRetiredWithTheFigures() throws Exception {
    label(200);
    // A class that a model does not know, it gets wrong.
    trainer.after =
        bundle -> TestBundles.renamed(bundle, bundle.card().version(), List.of("cat", "dog"));
    Bundle other = TestBundles.untrained("m", "other", Map.of());
    step(desk(Optional.of(other), ReleaseState.ACTIVE, 0.005), ALWAYS);
    ModelRelease release = releases().get(0);
    assertThat(release.getState()).isEqualTo(ReleaseState.RETIRED);
    assertThat(release.getReason())
        .startsWith("refused by the gate: accuracy")
        .contains("is lower by 0.", "images held out", "(m:other: 0.");
    assertThat(release.getMetrics()).containsKeys("gate.images", "gate.candidate.accuracy");
    assertThat(release.getAnswered()).isFalse();
    assertThat(files("store")).hasSize(1);
    assertThat(memory.pending()).isEmpty();
  }

  /** Of the same bundle under another name nobody can tell that it is as good. */
  @ParameterizedTest
  @CsvSource({"RELEASE, ACTIVE", "CANDIDATE, CANDIDATE", "REFUSE, RETIRED"})
  void whereImagesAreTooFewToTellItIsAsWasAskedFor(WhenTooFew action, ReleaseState state)
      throws Exception {
    label(60);
    whenTooFew = action;
    Bundle same = TestBundles.untrained("m", "20261125-100000", Map.of());
    step(desk(Optional.of(same), ReleaseState.ACTIVE, 0.005), ALWAYS);
    ModelRelease release = releases().get(0);
    assertThat(release.getState()).isEqualTo(state);
    assertThat(release.getReason())
        .startsWith("too few to tell: ")
        .contains(" images differ on 0; about 470 are needed for a tolerance of 0.005");
    assertThat(release.getAnswered()).isEqualTo(state == ReleaseState.ACTIVE);
  }

  @Test
  void aTrainingThatWasKilledIsTakenUpAgainAsItWas() throws Exception {
    label(40);
    trainer.during =
        () -> {
          throw new Killed();
        };
    say("image-0", "bee");
    assertThatThrownBy(() -> step(desk(), ALWAYS)).isInstanceOf(Killed.class);
    assertThat(models).isEmpty();
    PendingTraining begun = memory.pending().orElseThrow();
    assertThat(files("work")).containsExactly("20261125-100000.work", "pending.json");

    label(100);
    say("image-1", "bee");
    clock.now = clock.now.plusSeconds(3600);
    trainer.during = () -> {};
    memory = new TrainingFolder(folder.resolve("work"));
    step(desk());
    assertThat(trainer.trained).containsExactly(begun, begun);
    assertThat(begun.learnsFrom()).hasToString("images[0@0-19 1@0-19] with labels[0@0-0]");
    assertThat(releases().get(0).getVersion()).isEqualTo("20261125-100000");
    assertThat(files("work")).containsExactly("last.json");
  }

  /** A step without triggers takes up what is pending; the constructor wants one. */
  private void step(ReleaseDesk desk) throws Exception {
    step(
        desk,
        last -> {
          throw new AssertionError("nobody asks while a training is pending");
        });
  }

  @Test
  void aKillBetweenBundleAndReleaseDoesNotTrainAgain() throws Exception {
    label(40);
    lease.confirms = false;
    step(desk(), ALWAYS);
    assertThat(models).as("the lease was lost, so nothing is published").isEmpty();
    assertThat(files("work"))
        .containsExactly("20261125-100000.bundle", "20261125-100000.work", "pending.json");
    lease.confirms = true;
    step(desk());
    assertThat(trainer.trained).hasSize(1);
    assertThat(releases()).hasSize(1);
  }

  @Test
  void aHalfWrittenOrDamagedBundleIsTrainedAgain() throws Exception {
    label(40);
    lease.confirms = false;
    step(desk(), ALWAYS);
    Files.write(folder.resolve("work/20261125-100000.bundle"), new byte[100]);
    lease.confirms = true;
    step(desk());
    assertThat(trainer.trained).hasSize(2);
    assertThat(releases()).hasSize(1);
  }

  @Test
  void aKillBetweenReleaseAndItsNoteDoesNotPublishTwice() throws Exception {
    label(40);
    step(desk(), ALWAYS);
    Files.writeString(
        folder.resolve("work/pending.json"),
        "{\"version\": \"20261125-100000\", \"range\": {\"topic\": \"images\", \"partitions\":"
            + " {\"0\": {\"begin\": 0, \"end\": 20}}}, \"classes\": [], \"trigger\": \"\"}");
    step(desk());
    assertThat(trainer.trained).hasSize(1);
    assertThat(models).hasSize(1);
    assertThat(files("work")).containsExactly("last.json");
  }

  @Test
  @Timeout(60)
  void aLostLeaseInterruptsTheTrainingAndKeepsItForLater() throws Exception {
    label(40);
    trainer.hangs = true;
    step(desk(), ALWAYS);
    assertThat(models).isEmpty();
    assertThat(memory.pending()).isPresent();
    trainer.hangs = false;
    lease.term = 2;
    step(desk());
    assertThat(releases()).hasSize(1);
  }

  @Test
  void imagesThatCannotBeTrainedOnAreLeftForTheNextTrigger() throws Exception {
    send(Optional.of("ant"));
    step(desk(), ALWAYS);
    assertThat(models).isEmpty();
    assertThat(trainer.trained).isEmpty();
    assertThat(files("work")).containsExactly("last.json");
    label(40);
    step(desk(), ALWAYS);
    assertThat(releases()).hasSize(1);
  }

  @Test
  void whatIsAwayIsTriedAgain() throws Exception {
    label(40);
    Trigger flaky =
        last -> {
          throw new RegistryUnavailableException("away", new IOException("away"));
        };
    step(desk(), flaky);
    assertThat(memory.pending()).isEmpty();
    step(desk(Optional.empty(), ReleaseState.ACTIVE, 1), ALWAYS);
    Path active = folder.resolve("store").resolve(files("store").get(0));
    Path away = folder.resolve("away");
    Files.move(active, away);
    label(40);
    clock.now = clock.now.plusSeconds(1);
    step(desk(), ALWAYS);
    assertThat(releases()).as("not without its comparison").hasSize(1);
    Files.move(away, active);
    step(desk(), ALWAYS);
    assertThat(releases()).hasSize(2);
  }

  @Test
  void damagedMemoryIsNamed() throws Exception {
    Files.writeString(folder.resolve("work/pending.json"), "{");
    assertThatThrownBy(() -> step(desk()))
        .isInstanceOf(IOException.class)
        .hasMessageContainingAll("pending.json", "remove it");
  }

  @Test
  void labelsAreCountedByIdSinceTheLastTraining() throws Exception {
    label(5);
    send(Optional.empty());
    sent = 0;
    label(2);
    try (LabelCounter labels = labels()) {
      assertThat(labels.count(Optional.empty(), 100)).isEqualTo(5);
      assertThat(labels.count(Optional.empty(), 3)).isEqualTo(5);
      NewLabels six = new NewLabels(labels, 6);
      assertThat(six.fired(Optional.empty())).isEmpty();
      assertThat(new NewLabels(labels, 5).fired(Optional.empty())).isPresent();
      LastTraining last = last("1");
      assertThat(labels.count(Optional.of(last), 100)).isZero();
    }
  }

  @Test
  void anImageThatTheTopicLabelsIsCountedOnceAndWhatIsTakenBackNever() throws Exception {
    label(2);
    send(Optional.empty());
    say("image-0", "bee");
    say("image-2", "bee");
    say("image-2", "ant");
    say("image-2", null);
    say("image-3", null);
    byte[] gate = {'g'};
    said.send(1, 0, gate, FakeTopic.label("image-0", "bee", "bob", LabelKind.CORRECTION));
    said.sendBytes(1, 0, new byte[] {9});
    try (LabelCounter labels = labels()) {
      assertThat(labels.count(Optional.empty(), 100)).isEqualTo(4);
      assertThat(labels.count(Optional.of(last("1")), 100)).isZero();
    }
    LastTraining before = last("1");
    say("image-0", null);
    say("image-1", "bee");
    try (LabelCounter labels = labels()) {
      assertThat(labels.count(Optional.of(before), 100)).isEqualTo(1);
    }
  }

  @Test
  void aLabelsTopicThatComesToBeIsReadFromItsBeginning() throws Exception {
    label(1);
    LastTraining last =
        new LastTraining("1", trainer.range().images(), TopicRange.NONE, clock.now.toString());
    say("image-0", "bee");
    List<FakeTopic> topics = new ArrayList<>(List.of(topic));
    try (LabelCounter labels = labels(topics)) {
      assertThat(labels.count(Optional.of(last), 100)).isZero();
      topics.add(said);
      assertThat(labels.count(Optional.of(last), 100)).isEqualTo(1);
    }
  }

  /** All that the labels topic holds is news to it. */
  @Test
  void aLastTrainingThatKnewOfNoLabelsTopicIsStillRemembered() throws Exception {
    label(2);
    say("image-1", "bee");
    Files.writeString(
        folder.resolve("work/last.json"),
        "{\"version\": \"7\", \"range\": {\"topic\": \"images\", \"partitions\": {\"0\":"
            + " {\"begin\": 0, \"end\": 1}, \"1\": {\"begin\": 0, \"end\": 1}}}, \"end\":"
            + " \"2026-11-25T10:00:00Z\"}");
    LastTraining last = memory.last().orElseThrow();
    assertThat(last.version()).isEqualTo("7");
    assertThat(last.labels()).isEqualTo(TopicRange.NONE);
    try (LabelCounter labels = labels()) {
      assertThat(labels.count(Optional.of(last), 100)).isEqualTo(1);
    }
  }

  @Test
  void withoutANewLabelNoTrainingBegins() throws Exception {
    label(40);
    step(desk(), ALWAYS);
    int[] asked = {0};
    try (LabelCounter labels = labels()) {
      TrainingService service =
          service(
              desk(),
              labels,
              List.of(
                  last -> {
                    if (++asked[0] == 3) {
                      throw new Killed();
                    }
                    return Optional.of("a test");
                  }));
      assertThatThrownBy(service::step).isInstanceOf(Killed.class);
    }
    assertThat(trainer.trained).hasSize(1);
  }

  @Test
  void aPeriodBeginsWithTheEndOfTheLastTraining() {
    EveryPeriod daily = new EveryPeriod(Duration.ofDays(1), clock);
    assertThat(daily.fired(Optional.empty())).isPresent();
    TopicRange range = new TopicRange("images", Map.of());
    Optional<LastTraining> last =
        Optional.of(new LastTraining("1", range, TopicRange.NONE, clock.now.toString()));
    assertThat(daily.fired(last)).isEmpty();
    clock.now = clock.now.plus(Duration.ofDays(1));
    assertThat(daily.fired(last)).isPresent();
  }
}
