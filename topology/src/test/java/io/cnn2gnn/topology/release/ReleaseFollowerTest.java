package io.cnn2gnn.topology.release;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.cnn2gnn.model.bundle.Bundle;
import io.cnn2gnn.model.bundle.Golden;
import io.cnn2gnn.model.files.Sha256;
import io.cnn2gnn.model.graph.Candidates;
import io.cnn2gnn.model.inference.Answer;
import io.cnn2gnn.model.inference.BankMatrix;
import io.cnn2gnn.model.inference.Query;
import io.cnn2gnn.model.inference.StudentModel;
import io.cnn2gnn.model.inference.TestModels;
import io.cnn2gnn.model.reference.AllowList;
import io.cnn2gnn.model.torch.Tensor;
import io.cnn2gnn.model.torch.Torch;
import io.cnn2gnn.schemas.UnreadableRecordException;
import io.cnn2gnn.schemas.WireReader;
import io.cnn2gnn.schemas.avro.BundleReference;
import io.cnn2gnn.schemas.avro.ModelEvent;
import io.cnn2gnn.schemas.avro.ModelRelease;
import io.cnn2gnn.schemas.avro.ReleaseState;
import io.cnn2gnn.schemas.release.ModelEventWriter;
import io.cnn2gnn.schemas.release.Releases;
import io.cnn2gnn.topology.bank.BankConfig;
import io.cnn2gnn.topology.bank.BankConfig.Admission;
import io.cnn2gnn.topology.flow.DecodedImage;
import io.cnn2gnn.topology.flow.Source;
import io.cnn2gnn.topology.heap.HeapFaults;
import io.cnn2gnn.topology.metrics.AppMetrics;
import io.cnn2gnn.topology.release.ShadowConfig.Promotion;
import io.cnn2gnn.topology.serving.ActiveModel;
import io.cnn2gnn.topology.serving.Classifier;
import io.cnn2gnn.topology.serving.ModelFactory;
import io.cnn2gnn.topology.serving.ServedModel;
import io.confluent.kafka.schemaregistry.client.MockSchemaRegistryClient;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A service that begins with test:v1 and follows what is released. */
@Timeout(60)
class ReleaseFollowerTest {
  private static final Bundle FIRST = TestModels.untrained(1);
  private static final Bundle SECOND = TestModels.untrained(2);
  private static final Bundle THIRD = TestModels.untrained(3);
  private static final int TRIAL = 3;

  @TempDir private Path folder;
  private final MockSchemaRegistryClient registry = new MockSchemaRegistryClient();
  private final MockProducer<String, byte[]> producer =
      new MockProducer<>(true, null, new StringSerializer(), new ByteArraySerializer());
  private final SimpleMeterRegistry metrics = new SimpleMeterRegistry();
  private final AtomicLong nanos = new AtomicLong();
  private final List<ModelRelease> published = new ArrayList<>();
  private final Releases releases = new Releases();
  private long offset;
  private Optional<String> unfit = Optional.empty();
  private int loads;
  private ActiveModel models;
  private Shadow shadow;
  private ReleaseFollower follower;

  @BeforeEach
  void open() throws Exception {
    Files.createDirectories(folder.resolve("store"));
    start(FIRST, Promotion.HAND);
  }

  private void start(Bundle first, Promotion promotion) throws Exception {
    ModelFactory factory =
        new ModelFactory(
            Torch.device("cpu"), Candidates.BOTH, Classifier::of, (graph, student) -> {});
    models = new ActiveModel(factory.serve(factory.open(first)));
    HeapFaults heap = new HeapFaults(nanos::get, new AppMetrics(metrics));
    ShadowConfig config = new ShadowConfig(TRIAL, promotion, 0.8, 1e6);
    ReleaseLoader loader =
        new ReleaseLoader(
            new ReleaseConfig(
                AllowList.of(AllowList.BUNDLES, folder.resolve("store").toUri().toString()),
                Duration.ofSeconds(5),
                "",
                config),
            folder.resolve("cache"),
            factory,
            model -> {
              loads++;
              if (unfit.isPresent()) {
                throw new ReleaseRefusedException(unfit.get());
              }
            },
            heap);
    shadow =
        new Shadow(
            config,
            new BankConfig(8, Admission.ALL, 0),
            () -> {
              throw new AssertionError("all test models are of one size");
            },
            heap,
            nanos::get);
    follower =
        new ReleaseFollower(
            "test",
            Sha256.hex(first.bytes()),
            models,
            loader,
            shadow,
            published::add,
            new ReleaseNews(
                metrics,
                first.card(),
                Optional.of(new ModelEventWriter(producer, "models.events", "me", registry, true)),
                nanos::get),
            nanos::get);
  }

  @AfterEach
  void close() {
    follower.close();
    models.close();
  }

  private ModelRelease release(Bundle bundle, ReleaseState state) throws IOException {
    return release(bundle, bundle.bytes(), state);
  }

  private ModelRelease release(Bundle bundle, byte[] file, ReleaseState state) throws IOException {
    Path at = folder.resolve("store").resolve(bundle.card().version() + ".bundle");
    Files.write(at, file);
    return ModelRelease.newBuilder()
        .setName("test")
        .setVersion(bundle.card().version())
        .setSpace(bundle.card().space())
        .setBundle(
            new BundleReference(
                at.toUri().toString(), Sha256.hex(bundle.bytes()), (long) file.length))
        .setState(state)
        .setMetrics(Map.of())
        .setCreatedAt(Instant.ofEpochSecond(offset))
        .setReason("")
        .build();
  }

  private void follow(ModelRelease... records) {
    for (ModelRelease record : records) {
      releases.put(offset++, record);
    }
    follower.follow(releases);
  }

  private List<String> events() throws UnreadableRecordException {
    WireReader<ModelEvent> reader = new WireReader<>(registry, "models.events", ModelEvent.class);
    List<String> events = new ArrayList<>();
    for (var record : producer.history()) {
      ModelEvent event = reader.read(record.headers(), record.value());
      events.add(event.getKind() + " " + record.key() + " " + event.getMessage());
    }
    return events;
  }

  private String active() {
    return models.card().version();
  }

  @Test
  void theActiveReleaseAnswers() throws Exception {
    follow(release(SECOND, ReleaseState.ACTIVE));
    assertThat(active()).isEqualTo("v2");
    assertThat(events()).hasSize(1).first().asString().startsWith("ACTIVATED test:v2");
    assertThat(metrics.get("cnn2gnn.model.active").tag("model", "test:v2").gauge().value())
        .isEqualTo(1);
    follow();
    assertThat(loads).isEqualTo(1);
  }

  @Test
  void theReleaseOfTheBundleThatAnswersAlreadyLoadsNothing() throws Exception {
    follow(release(FIRST, ReleaseState.ACTIVE));
    assertThat(loads).isZero();
    assertThat(active()).isEqualTo("v1");
  }

  @Test
  void ofManyReleasesOnlyTheLastIsLoaded() throws Exception {
    follow(release(SECOND, ReleaseState.ACTIVE), release(THIRD, ReleaseState.ACTIVE));
    assertThat(active()).isEqualTo("v3");
    assertThat(loads).isEqualTo(1);
  }

  @Test
  void aRollbackLoadsNothing() throws Exception {
    follow(release(SECOND, ReleaseState.ACTIVE));
    follow(release(THIRD, ReleaseState.ACTIVE));
    follow(release(THIRD, ReleaseState.RETIRED));
    assertThat(active()).isEqualTo("v2");
    assertThat(loads).isEqualTo(2);
    follow(release(THIRD, ReleaseState.ACTIVE));
    assertThat(active()).isEqualTo("v3");
    assertThat(loads).isEqualTo(2);
  }

  @Test
  void whereNoReleaseIsActiveAnyMoreTheModelStays() throws Exception {
    follow(release(SECOND, ReleaseState.ACTIVE));
    follow(release(SECOND, ReleaseState.RETIRED));
    assertThat(active()).isEqualTo("v2");
  }

  @ParameterizedTest
  @ValueSource(strings = {"../../store/v2", "/etc/passwd", "\0", ""})
  void aReleaseWhoseHashIsNoneIsRefusedOnceAndLeadsToNoFile(String sha256) throws Exception {
    ModelRelease release = release(SECOND, ReleaseState.ACTIVE);
    release.getBundle().setSha256(sha256);
    follow(release);
    follow();
    nanos.addAndGet(Duration.ofHours(1).toNanos());
    follow();
    assertThat(active()).isEqualTo("v1");
    assertThat(loads).isZero();
    assertThat(events())
        .singleElement()
        .asString()
        .startsWith("FAILED test:v2")
        .contains("64 hexadecimal digits");
    follow(release(THIRD, ReleaseState.ACTIVE));
    assertThat(active()).isEqualTo("v3");
  }

  /** What may be wrong with a bundle. */
  private enum Damage {
    TRUNCATED,
    FLIPPED,
    MISSING,
    OF_ANOTHER_VERSION,
    UNTRUE_GOLDEN_SET,
    OUTSIDE
  }

  private ModelRelease damaged(Damage damage) throws IOException {
    byte[] sound = SECOND.bytes();
    return switch (damage) {
      case TRUNCATED ->
          release(SECOND, Arrays.copyOf(sound, sound.length / 2), ReleaseState.ACTIVE);
      case FLIPPED -> {
        byte[] flipped = sound.clone();
        flipped[flipped.length / 2] ^= 1;
        yield release(SECOND, flipped, ReleaseState.ACTIVE);
      }
      case MISSING -> {
        ModelRelease release = release(SECOND, ReleaseState.ACTIVE);
        Files.delete(folder.resolve("store").resolve("v2.bundle"));
        yield release;
      }
      case OF_ANOTHER_VERSION ->
          ModelRelease.newBuilder(release(SECOND, ReleaseState.ACTIVE)).setVersion("v9").build();
      case UNTRUE_GOLDEN_SET -> {
        Tensor logits = SECOND.golden().logits();
        float[] other = logits.data().clone();
        other[0] += 1;
        yield release(
            new Bundle(
                SECOND.card(),
                SECOND.weights(),
                SECOND.prototypes(),
                new Golden(SECOND.golden().images(), new Tensor(logits.shape(), other))),
            ReleaseState.ACTIVE);
      }
      case OUTSIDE -> {
        ModelRelease release = release(SECOND, ReleaseState.ACTIVE);
        release.getBundle().setUri(folder.resolve("elsewhere.bundle").toUri().toString());
        yield release;
      }
    };
  }

  @ParameterizedTest
  @EnumSource
  void aReleaseThatFailsChangesNothingIsToldOnceAndTheNextWorks(Damage damage) throws Exception {
    follow(damaged(damage));
    follow();
    assertThat(active()).isEqualTo("v1");
    assertThat(events()).hasSize(1).first().asString().startsWith("FAILED test:v");
    assertThat(metrics.counter("cnn2gnn.model.load.failures").count()).isEqualTo(1);
    follow(release(THIRD, ReleaseState.ACTIVE));
    assertThat(active()).isEqualTo("v3");
  }

  @Test
  void aReleaseThatFailedIsTriedAgainWhenItIsPublishedAgain() throws Exception {
    unfit = Optional.of("too slow here");
    follow(release(SECOND, ReleaseState.ACTIVE));
    assertThat(active()).isEqualTo("v1");
    assertThat(events().get(0)).contains("too slow here");
    unfit = Optional.empty();
    follow();
    assertThat(active()).isEqualTo("v1");
    follow(release(SECOND, ReleaseState.ACTIVE));
    assertThat(active()).isEqualTo("v2");
  }

  @Test
  void aBundleWhoseStoreIsAwayIsTriedAgainAfterAPause() throws Exception {
    ModelRelease release = release(SECOND, ReleaseState.ACTIVE);
    Path away = Files.move(folder.resolve("store"), folder.resolve("away"));
    follow(release);
    assertThat(active()).isEqualTo("v1");
    assertThat(events()).isEmpty();
    Files.move(away, folder.resolve("store"));
    follow();
    assertThat(active()).isEqualTo("v1");
    nanos.addAndGet(Duration.ofSeconds(1).toNanos());
    follow();
    assertThat(active()).isEqualTo("v2");
  }

  @Test
  void aDamagedFileOfTheCacheIsFetchedAgain() throws Exception {
    follow(release(SECOND, ReleaseState.ACTIVE));
    Path kept = folder.resolve("cache").resolve(Sha256.hex(SECOND.bytes()) + ".bundle");
    assertThat(kept).exists();
    follow(release(THIRD, ReleaseState.ACTIVE));
    follow(release(TestModels.untrained(4), ReleaseState.ACTIVE));
    assertThat(kept).doesNotExist();
    Files.writeString(kept, "junk");
    follow(release(SECOND, ReleaseState.ACTIVE));
    assertThat(active()).isEqualTo("v2");
    assertThat(Files.readAllBytes(kept)).isEqualTo(SECOND.bytes());
  }

  private void answer(int batches, Optional<String> label) throws Exception {
    for (int batch = 0; batch < batches; batch++) {
      try (ServedModel model = models.acquire();
          BankMatrix bank = model.model().newBank(0)) {
        List<DecodedImage> images = new ArrayList<>();
        byte[] noise = TestModels.noise(50, batch);
        for (int i = 0; i < 50; i++) {
          images.add(
              new DecodedImage(
                  new Source(
                      "images", 0, i, 0, Optional.empty(), Optional.empty(), new RecordHeaders()),
                  Instant.EPOCH,
                  new Query("image-" + i, Arrays.copyOfRange(noise, i * 64, (i + 1) * 64), label),
                  model.card().student().input()));
        }
        List<Answer> answers =
            model.classifier().classify(images.stream().map(DecodedImage::query).toList(), bank);
        // The shadow leaves out what it cannot keep up with; these tests let it keep up.
        await().until(() -> shadow.finished().isPresent() || shadow.waiting() == 0);
        shadow.answered(model, images, answers, 1_000_000);
      }
    }
  }

  private void awaitVerdict() {
    await().until(() -> shadow.finished().isPresent());
  }

  @Test
  void aCandidateRunsInTheShadowAndNeverAnswers() throws Exception {
    follow(release(FIRST, ReleaseState.ACTIVE), release(SECOND, ReleaseState.CANDIDATE));
    answer(TRIAL, Optional.empty());
    awaitVerdict();
    follow();
    assertThat(active()).isEqualTo("v1");
    assertThat(events()).hasSize(2);
    assertThat(events().get(1)).startsWith("SHADOWED test:v2 150 images in 3 batches");
    assertThat(published).isEmpty();
    follow();
    assertThat(events()).hasSize(2);
  }

  private double gauge(String name) {
    return metrics.get("cnn2gnn.shadow." + name).gauge().value();
  }

  private double candidate() {
    return metrics.get("cnn2gnn.model.candidate").tag("model", "test:v2").gauge().value();
  }

  @Test
  void aTrialIsToldOfWhileItGoesOnInImagesAndTime() throws Exception {
    follow(release(FIRST, ReleaseState.ACTIVE));
    assertThat(gauge("batches")).isNaN();
    // Two batches of 50 in four seconds, before there is a candidate.
    nanos.addAndGet(Duration.ofSeconds(4).toNanos());
    answer(2, Optional.empty());
    follow(release(SECOND, ReleaseState.CANDIDATE));
    assertThat(events())
        .containsExactly(
            "SHADOWING test:v2 0 of 3 batches; about 150 images or 6.0 s to go, at the rate seen");
    assertThat(candidate()).isEqualTo(1);
    assertThat(gauge("batches.wanted")).isEqualTo(TRIAL);
    assertThat(gauge("left")).isEqualTo(6);

    nanos.addAndGet(Duration.ofSeconds(5).toNanos());
    answer(1, Optional.empty());
    await().until(() -> shadow.progress().orElseThrow().done() == 1);
    follow();
    assertThat(events()).as("too soon").hasSize(1);
    assertThat(gauge("images")).isEqualTo(50);
    assertThat(gauge("agreement")).isBetween(0.0, 1.0);
    assertThat(gauge("left")).isEqualTo(10);
    nanos.addAndGet(Duration.ofSeconds(5).toNanos());
    follow();
    assertThat(events()).hasSize(2);
    assertThat(events().get(1))
        .startsWith("SHADOWING test:v2 1 of 3 batches: 50 images in 1 batches: ")
        .endsWith("about 100 images or 20 s to go, at the rate seen");

    answer(2, Optional.empty());
    awaitVerdict();
    follow();
    assertThat(gauge("batches")).isEqualTo(TRIAL);
    assertThat(gauge("left")).isZero();
    assertThat(candidate()).as("its trial is over").isZero();
    follow(release(SECOND, ReleaseState.RETIRED));
    assertThat(gauge("batches")).isNaN();
    assertThat(metrics.find("cnn2gnn.model.candidate").gauge()).isNull();
  }

  @Test
  void aPromotedCandidateAnswersWithoutBeingLoadedAgain() throws Exception {
    follow(release(FIRST, ReleaseState.ACTIVE), release(SECOND, ReleaseState.CANDIDATE));
    assertThat(loads).isEqualTo(1);
    follow(release(SECOND, ReleaseState.ACTIVE));
    assertThat(active()).isEqualTo("v2");
    assertThat(loads).isEqualTo(1);
    assertThat(shadow.release()).isEmpty();
    answer(1, Optional.empty());
  }

  @Test
  void byRuleACandidateThatIsMoreOftenRightIsPromoted() throws Exception {
    ModelRelease decided = decided(true);
    assertThat(decided.getState()).isEqualTo(ReleaseState.ACTIVE);
    assertThat(decided.getAnswered()).isTrue();
    assertThat(decided.getReason()).startsWith("shadow: 150 images in 3 batches");
  }

  @Test
  void byRuleACandidateThatIsMoreOftenWrongIsRetiredWithTheFigures() throws Exception {
    ModelRelease decided = decided(false);
    assertThat(decided.getState()).isEqualTo(ReleaseState.RETIRED);
    assertThat(decided.getReason()).contains("of 150 labelled images, the active model on");
  }

  /** With the label that the candidate gives most, or that the active model does. */
  private ModelRelease decided(boolean ofCandidate) throws Exception {
    close();
    start(FIRST, Promotion.RULE);
    Bundle candidate = SECOND;
    for (int seed = 3; favourite(candidate).equals(favourite(FIRST)); seed++) {
      candidate = TestModels.untrained(seed);
    }
    String label = favourite(ofCandidate ? candidate : FIRST);
    follow(release(FIRST, ReleaseState.ACTIVE), release(candidate, ReleaseState.CANDIDATE));
    answer(TRIAL, Optional.of(label));
    awaitVerdict();
    follow();
    assertThat(published).hasSize(1);
    return published.get(0);
  }

  private static String favourite(Bundle bundle) throws Exception {
    try (StudentModel model = StudentModel.open(bundle, Torch.device("cpu"), Candidates.BOTH);
        BankMatrix bank = model.newBank(0)) {
      Map<String, Integer> votes = new TreeMap<>();
      for (int batch = 0; batch < TRIAL; batch++) {
        byte[] noise = TestModels.noise(50, batch);
        for (int i = 0; i < 50; i++) {
          Query query =
              new Query("q", Arrays.copyOfRange(noise, i * 64, (i + 1) * 64), Optional.empty());
          votes.merge(model.classify(List.of(query), bank).get(0).label(), 1, Integer::sum);
        }
      }
      return votes.entrySet().stream().max(Map.Entry.comparingByValue()).orElseThrow().getKey();
    }
  }

  @Test
  void byRuleACandidateThatDisagreesIsRetiredWhereNothingIsLabelled() throws Exception {
    close();
    start(FIRST, Promotion.RULE);
    follow(release(FIRST, ReleaseState.ACTIVE), release(SECOND, ReleaseState.CANDIDATE));
    answer(TRIAL, Optional.empty());
    awaitVerdict();
    follow();
    assertThat(published).hasSize(1);
    assertThat(published.get(0).getState()).isEqualTo(ReleaseState.RETIRED);
    assertThat(published.get(0).getReason()).contains("80.0 % are required");
  }
}
