package io.cnn2gnn.topology.batching;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.cnn2gnn.intake.ImageRecords;
import io.cnn2gnn.model.bundle.BundleException;
import io.cnn2gnn.model.graph.Candidates;
import io.cnn2gnn.model.image.InputSpec;
import io.cnn2gnn.model.inference.TestModels;
import io.cnn2gnn.model.reference.AllowList;
import io.cnn2gnn.model.reference.ReferenceConfig;
import io.cnn2gnn.model.reference.ReferenceFetcher;
import io.cnn2gnn.model.torch.Torch;
import io.cnn2gnn.schemas.WireReader;
import io.cnn2gnn.schemas.WireWriter;
import io.cnn2gnn.schemas.avro.Image;
import io.cnn2gnn.schemas.avro.ImageFormat;
import io.cnn2gnn.schemas.avro.InlineImage;
import io.cnn2gnn.topology.TestStores;
import io.cnn2gnn.topology.commit.CommitPace;
import io.cnn2gnn.topology.consumer.Backpressure;
import io.cnn2gnn.topology.deadletter.DeadLetters;
import io.cnn2gnn.topology.decode.DecodeAhead;
import io.cnn2gnn.topology.decode.DecodeAhead.Pending;
import io.cnn2gnn.topology.decode.ImageLimits;
import io.cnn2gnn.topology.decode.InputImages;
import io.cnn2gnn.topology.decode.Lanes;
import io.cnn2gnn.topology.decode.Patience;
import io.cnn2gnn.topology.decode.RecordDecoder;
import io.cnn2gnn.topology.decode.Waiting;
import io.cnn2gnn.topology.flow.Nodes;
import io.cnn2gnn.topology.flow.Source;
import io.cnn2gnn.topology.heap.HeapFaults;
import io.cnn2gnn.topology.input.InputRecords;
import io.cnn2gnn.topology.metrics.AppMetrics;
import io.cnn2gnn.topology.serving.ActiveModel;
import io.cnn2gnn.topology.serving.Classifier;
import io.cnn2gnn.topology.serving.ModelFactory;
import io.confluent.kafka.schemaregistry.client.MockSchemaRegistryClient;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.processor.api.MockProcessorContext;
import org.apache.kafka.streams.processor.api.MockProcessorContext.CapturedForward;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueStore;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a task does with images that a former life left in the pending store. */
class BatchProcessorTest {
  private static final int PARTITION = 3;
  private static final BatchConfig CONFIG =
      new BatchConfig(4, Duration.ofMillis(50), Integer.MAX_VALUE);

  @TempDir private Path stateDir;
  private final AtomicLong nanos = new AtomicLong();
  private final SimpleMeterRegistry metrics = new SimpleMeterRegistry();
  private final Drain drain = new Drain();
  private final MockSchemaRegistryClient registry = new MockSchemaRegistryClient();
  private final WireWriter<Image> writer = new WireWriter<>(registry, "images", Image.class, true);
  private final DecodeAhead decoding = ahead(Lanes.inline(), this::decoder);
  private final ModelFactory factory =
      new ModelFactory(
          Torch.device("cpu"), Candidates.BOTH, Classifier::of, (graph, student) -> {});
  private ActiveModel models;
  private MockProcessorContext<byte[], Object> context;
  private KeyValueStore<String, byte[]> store;

  @BeforeEach
  void open() throws BundleException {
    models = new ActiveModel(factory.serve(factory.open(TestModels.untrained(1))));
    context = TestStores.context(PARTITION, stateDir);
    context.setCurrentSystemTimeMs(0);
    store = TestStores.open(context, Nodes.PENDING_STORE, Serdes.String());
  }

  @AfterEach
  void close() {
    decoding.close();
    models.close();
  }

  private BatchProcessor start(InputRecords records) {
    BatchProcessor processor =
        new BatchProcessor(
            CONFIG,
            new InputImages("images", records, decoding, models),
            new Signals(
                drain,
                new Backpressure(1 << 20),
                ThreadLocal.withInitial(
                    () -> new CommitPace(Duration.ofMillis(1), Duration.ofSeconds(1), nanos::get))),
            new DeadLetters(
                () -> "v1", 1 << 20, () -> 0, new AppMetrics(new SimpleMeterRegistry())),
            nanos::get,
            new AppMetrics(metrics));
    processor.init(context);
    return processor;
  }

  private void leave(Long... offsets) {
    store.put("open", PendingOffsets.encode(List.of(offsets)));
  }

  private Source source(long offset, byte[] value) {
    return new Source(
        "images",
        PARTITION,
        offset,
        1000 + offset,
        Optional.of(new byte[] {7}),
        Optional.of(value),
        new RecordHeaders()
            .add("traceparent", ("trace-" + offset).getBytes(StandardCharsets.UTF_8)));
  }

  private Source image(long offset) {
    return source(
        offset,
        writer.write(
            Image.newBuilder()
                .setId("image-" + offset)
                .setCapturedAt(Instant.EPOCH)
                .setContent(
                    InlineImage.newBuilder()
                        .setFormat(ImageFormat.GRAY8)
                        .setWidth(8)
                        .setHeight(8)
                        .setBytes(ByteBuffer.allocate(64))
                        .build())
                .setLabel(null)
                .setAttributes(Map.of())
                .build()));
  }

  private void tick() {
    context.scheduledPunctuators().get(0).getPunctuator().punctuate(0);
  }

  private List<String> batches() {
    return context.forwarded().stream()
        .filter(f -> f.childName().equals(Optional.of(Nodes.CLASSIFY)))
        .map(f -> ((Batch) f.record().value()).id())
        .toList();
  }

  private static String header(CapturedForward<?, ?> letter, String name) {
    return new String(letter.record().headers().lastHeader(name).value(), StandardCharsets.UTF_8);
  }

  @Test
  void imagesOfAFormerLifeAreReadAgainAndComeFirst() {
    leave(5L, 6L, 9L);
    BatchProcessor processor =
        start(
            (partition, offsets) -> {
              assertThat(partition).isEqualTo(PARTITION);
              return offsets.stream().map(this::image).toList();
            });
    assertThat(drain.open()).isEqualTo(3);
    processor.process(decoded(10));
    assertThat(batches()).containsExactly("images-3@5+4");
    assertThat(store.get("open")).isNull();
    assertThat(drain.open()).isZero();
  }

  @Test
  void theTraceOfAnImageOfAFormerLifeGoesOn() {
    leave(5L, 6L);
    start(
        (partition, offsets) -> List.of(image(5), source(6, new byte[] {0, 0, 0, 0, 99, 1, 2, 3})));
    nanos.addAndGet(Duration.ofMillis(50).toNanos());
    tick();
    nanos.addAndGet(Duration.ofMillis(50).toNanos());
    tick();
    assertThat(context.forwarded()).hasSize(2);
    assertThat(header(context.forwarded().get(0), DeadLetters.OFFSET)).isEqualTo("6");
    assertThat(header(context.forwarded().get(0), "traceparent")).isEqualTo("trace-6");
    Batch batch = (Batch) context.forwarded().get(1).record().value();
    assertThat(batch.images().get(0).source().headers().lastHeader("traceparent").value())
        .asString()
        .isEqualTo("trace-5");
  }

  @Test
  void withoutNewImagesTheyWaitNoLongerThanAnyBatch() {
    leave(5L);
    start((partition, offsets) -> offsets.stream().map(this::image).toList());
    tick();
    assertThat(batches()).isEmpty();
    assertThat(PendingOffsets.decode(store.get("open"))).containsExactly(5L);
    nanos.addAndGet(Duration.ofMillis(50).toNanos());
    tick();
    assertThat(batches()).containsExactly("images-3@5+1");
  }

  @Test
  void aRecordThatItsTopicNoLongerHasIsADeadLetterNotAGap() {
    leave(5L, 6L);
    start((partition, offsets) -> List.of(image(6)));
    tick();
    assertThat(context.forwarded()).hasSize(1);
    CapturedForward<?, ?> letter = context.forwarded().get(0);
    assertThat(header(letter, DeadLetters.REASON)).isEqualTo("RECORD_GONE");
    assertThat(header(letter, DeadLetters.OFFSET)).isEqualTo("5");
    assertThat(header(letter, DeadLetters.PARTITION)).isEqualTo("3");
    assertThat(PendingOffsets.decode(store.get("open"))).containsExactly(6L);
  }

  @Test
  void aRecordThatTheNewModelCannotTakeIsADeadLetter() {
    leave(5L, 6L);
    start((partition, offsets) -> List.of(source(5, new byte[] {1}), image(6)));
    tick();
    assertThat(header(context.forwarded().get(0), DeadLetters.REASON)).isEqualTo("NO_MAGIC_BYTE");
    assertThat(PendingOffsets.decode(store.get("open"))).containsExactly(6L);
  }

  @Test
  void aBrokerThatDoesNotGiveThemStopsTheTaskAndLosesNothing() {
    leave(5L);
    start(
        (partition, offsets) -> {
          throw new TimeoutException("away");
        });
    assertThatThrownBy(this::tick).isInstanceOf(TimeoutException.class);
    assertThat(context.forwarded()).isEmpty();
    assertThat(PendingOffsets.decode(store.get("open"))).containsExactly(5L);
  }

  @Test
  void aTaskThatIsAskedForWhatItHoldsDoesNotWaitForMore() throws Exception {
    BatchProcessor processor = start((partition, offsets) -> List.of());
    processor.process(decoded(1));
    processor.process(decoded(2));
    tick();
    assertThat(batches()).isEmpty();
    assertThat(drain.await(Duration.ZERO)).isFalse();
    tick();
    assertThat(batches()).containsExactly("images-3@1+2");
    assertThat(drain.await(Duration.ZERO)).isTrue();
  }

  @Test
  void aTaskThatGoesAwayHoldsNothing() {
    leave(1L);
    BatchProcessor processor = start((partition, offsets) -> List.of(image(1)));
    processor.process(decoded(2));
    processor.init(context);
    assertThat(drain.open()).isEqualTo(2);
    processor.close();
    assertThat(drain.open()).isZero();
  }

  @Test
  void deadLettersKeepTheOrderOfRecordsWhicheverIsDecodedFirst() throws Exception {
    CountDownLatch released = new CountDownLatch(1);
    AtomicInteger begun = new AtomicInteger();
    try (DecodeAhead ahead =
        ahead(
            Lanes.of(2),
            () -> {
              if (begun.incrementAndGet() == 1) {
                pass(released);
              }
              return decoder();
            })) {
      BatchProcessor processor = start((partition, offsets) -> List.of());
      InputSpec input = models.card().student().input();
      Pending slow = ahead.begin(source(1, new byte[] {1}), input);
      await().until(() -> begun.get() == 1);
      Pending fast = ahead.begin(source(2, new byte[0]), input);
      await().until(fast::isRefused);
      processor.process(new Record<>(new byte[] {7}, slow, 1001));
      processor.process(new Record<>(new byte[] {7}, fast, 1002));
      tick();
      assertThat(context.forwarded()).isEmpty();
      assertThat(PendingOffsets.decode(store.get("open"))).containsExactly(1L, 2L);
      released.countDown();
      await().until(slow::isRefused);
      tick();
      assertThat(context.forwarded())
          .extracting(letter -> header(letter, DeadLetters.OFFSET))
          .containsExactly("1", "2");
      assertThat(store.get("open")).isNull();
      assertThat(drain.open()).isZero();
    }
  }

  private static void pass(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private RecordDecoder decoder() {
    return new RecordDecoder(
        new ImageRecords(new WireReader<>(registry, "images", Image.class)),
        new ReferenceFetcher(
            new ReferenceConfig(AllowList.of(AllowList.IMAGES, ""), 1, Duration.ofSeconds(1))),
        ImageLimits.trusting(1000),
        1 << 20);
  }

  private DecodeAhead ahead(Lanes lanes, Supplier<RecordDecoder> decoders) {
    AppMetrics counts = new AppMetrics(new SimpleMeterRegistry());
    return new DecodeAhead(
        decoders,
        lanes,
        ImageLimits.trusting(1000),
        new Patience(Duration.ofSeconds(1), nanos::get, new Waiting()),
        new HeapFaults(nanos::get, counts),
        counts);
  }

  private Record<byte[], Pending> decoded(long offset) {
    Source source = image(offset);
    Pending pending = decoding.begin(source, models.card().student().input());
    return new Record<>(source.key().orElseThrow(), pending, source.timestamp());
  }
}
