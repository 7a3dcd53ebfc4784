package io.cnn2gnn.topology.decode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.cnn2gnn.intake.ImageRecords;
import io.cnn2gnn.model.image.DecodeCost;
import io.cnn2gnn.model.image.DecoderChoice;
import io.cnn2gnn.model.image.ImageHeader;
import io.cnn2gnn.model.image.InputSpec;
import io.cnn2gnn.model.reference.AllowList;
import io.cnn2gnn.model.reference.ReferenceConfig;
import io.cnn2gnn.model.reference.ReferenceFetcher;
import io.cnn2gnn.schemas.WireReader;
import io.cnn2gnn.schemas.WireWriter;
import io.cnn2gnn.schemas.avro.Image;
import io.cnn2gnn.schemas.avro.ImageFormat;
import io.cnn2gnn.schemas.avro.ImageReference;
import io.cnn2gnn.schemas.avro.InlineImage;
import io.cnn2gnn.topology.decode.DecodeAhead.Pending;
import io.cnn2gnn.topology.decode.RecordDecoder.Decoding;
import io.cnn2gnn.topology.flow.Source;
import io.cnn2gnn.topology.heap.HeapFaults;
import io.cnn2gnn.topology.metrics.AppMetrics;
import io.confluent.kafka.schemaregistry.ParsedSchema;
import io.confluent.kafka.schemaregistry.client.MockSchemaRegistryClient;
import io.confluent.kafka.schemaregistry.client.rest.exceptions.RestClientException;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import javax.imageio.ImageIO;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.junit.jupiter.api.Test;

class DecodeAheadTest {
  private static final InputSpec INPUT = new InputSpec(8, 8, 1, List.of(0.5f), List.of(0.5f));
  private static final long LONG = Duration.ofSeconds(30).toNanos();

  private final AtomicInteger failures = new AtomicInteger();
  private final AtomicInteger tooSmall = new AtomicInteger();
  private final AtomicInteger made = new AtomicInteger();
  private final AtomicLong nanos = new AtomicLong();
  private final Waiting waiting = new Waiting();

  /** Fails when told to. */
  private final MockSchemaRegistryClient registry =
      new MockSchemaRegistryClient() {
        @Override
        public ParsedSchema getSchemaBySubjectAndId(String subject, int id)
            throws IOException, RestClientException {
          if (failures.getAndDecrement() > 0) {
            throw new IOException("connection refused");
          }
          return super.getSchemaBySubjectAndId(subject, id);
        }
      };

  private final WireWriter<Image> writer = new WireWriter<>(registry, "images", Image.class, true);
  private final WireReader<Image> reader = new WireReader<>(registry, "images", Image.class);

  private DecodeAhead ahead(Lanes lanes) {
    return ahead(
        lanes, ImageLimits.of(1_000_000, DecodeCost.measure(DecoderChoice.AUTO), 100 << 20));
  }

  private DecodeAhead ahead(Lanes lanes, ImageLimits limits) {
    AppMetrics metrics = new AppMetrics(new SimpleMeterRegistry());
    return new DecodeAhead(
        () -> {
          made.incrementAndGet();
          if (tooSmall.getAndDecrement() > 0) {
            throw new OutOfMemoryError("of the test");
          }
          return new RecordDecoder(
              new ImageRecords(reader),
              new ReferenceFetcher(
                  new ReferenceConfig(
                      AllowList.of(AllowList.IMAGES, ""), 1, Duration.ofSeconds(1))),
              limits,
              1 << 20);
        },
        lanes,
        limits,
        new Patience(Duration.ofHours(1), nanos::get, waiting),
        new HeapFaults(nanos::get, metrics),
        metrics);
  }

  private Source image(int i) {
    return image(
        i,
        InlineImage.newBuilder()
            .setFormat(ImageFormat.GRAY8)
            .setWidth(8)
            .setHeight(8)
            .setBytes(ByteBuffer.allocate(64))
            .build());
  }

  private Source png(int i, int side) throws IOException {
    ByteArrayOutputStream file = new ByteArrayOutputStream();
    ImageIO.write(new BufferedImage(side, side, BufferedImage.TYPE_BYTE_GRAY), "png", file);
    return image(
        i,
        InlineImage.newBuilder()
            .setFormat(ImageFormat.PNG)
            .setBytes(ByteBuffer.wrap(file.toByteArray()))
            .build());
  }

  private Source image(int i, Object content) {
    byte[] value =
        writer.write(
            Image.newBuilder()
                .setId("image-" + i)
                .setCapturedAt(Instant.EPOCH)
                .setContent(content)
                .setLabel(null)
                .setAttributes(Map.of())
                .build());
    return new Source("images", 0, i, 0, Optional.empty(), Optional.of(value), new RecordHeaders());
  }

  private static String id(Pending pending) {
    assertThat(pending.await(LONG)).isTrue();
    return ((Decoding.Accepted) pending.get()).image().query().id();
  }

  private static String refusal(Pending pending) {
    assertThat(pending.await(LONG)).isTrue();
    return ((Decoding.Refused) pending.get()).rejection().reason();
  }

  @Test
  void withoutThreadsARecordIsDecodedAtOnce() {
    try (DecodeAhead ahead = ahead(Lanes.inline())) {
      Pending pending = ahead.begin(image(1), INPUT);
      assertThat(pending.isDone()).isTrue();
      assertThat(id(pending)).isEqualTo("image-1");
    }
  }

  @Test
  void manyRecordsEachBecomeTheirOwnImage() {
    try (DecodeAhead ahead = ahead(Lanes.of(3))) {
      List<Pending> pending = new ArrayList<>();
      for (int i = 0; i < 500; i++) {
        pending.add(ahead.begin(image(i), INPUT));
      }
      for (int i = 0; i < 500; i++) {
        assertThat(id(pending.get(i))).isEqualTo("image-" + i);
      }
    }
  }

  @Test
  void theStreamThreadDoesWhatIsSoonDoneAndNothingElse() throws Exception {
    // The schema is asked for once, and not by the stream thread.
    assertThat(reader.read(image(0).headers(), image(0).value().orElseThrow()).getId())
        .isEqualTo("image-0");
    // By these costs a picture of 100 x 100 takes a second.
    try (DecodeAhead ahead = ahead(Lanes.of(0), dear())) {
      Pending small = ahead.begin(png(1, 16), INPUT);
      Pending large = ahead.begin(png(2, 100), INPUT);
      assertThat(small.isDone()).isFalse();
      small.help();
      assertThat(small.isDone()).isTrue();
      assertThat(large.isSoonDone()).isTrue();
      large.help();
      assertThat(large.isSoonDone()).isFalse();
      assertThat(id(large)).isEqualTo("image-2");
    }
  }

  /** A tenth of a millisecond for each pixel, by the JDK's readers. */
  private static ImageLimits dear() {
    Map<ImageHeader.Kind, Double> costs =
        Arrays.stream(ImageHeader.Kind.values())
            .collect(Collectors.toMap(kind -> kind, kind -> 100_000.0));
    return ImageLimits.of(1_000_000, new DecodeCost(DecoderChoice.AUTO, costs), 100 << 20);
  }

  @Test
  void aJpegThatIsSoonDoneNativelyIsNotWhereTheJdksReadersHaveToLookAtIt() throws Exception {
    assertThat(reader.read(image(0).headers(), image(0).value().orElseThrow()).getId())
        .isEqualTo("image-0");
    byte[] whole = jpeg(40);
    try (DecodeAhead ahead = ahead(Lanes.of(0), dear())) {
      Pending right = ahead.begin(jpeg(1, whole), INPUT);
      right.help();
      assertThat(right.isDone()).isTrue();
      assertThat(id(right)).isEqualTo("image-1");

      Pending cut = ahead.begin(jpeg(2, Arrays.copyOf(whole, whole.length - 100)), INPUT);
      cut.help();
      assertThat(cut.isSoonDone()).isFalse();
      assertThat(refusal(cut)).isEqualTo("CORRUPT_IMAGE");
    }
  }

  private static byte[] jpeg(int side) throws IOException {
    BufferedImage noise = new BufferedImage(side, side, BufferedImage.TYPE_3BYTE_BGR);
    Random random = new Random(1);
    for (int pixel = 0; pixel < side * side; pixel++) {
      noise.setRGB(pixel % side, pixel / side, random.nextInt());
    }
    ByteArrayOutputStream file = new ByteArrayOutputStream();
    ImageIO.write(noise, "jpeg", file);
    return file.toByteArray();
  }

  private Source jpeg(int i, byte[] file) {
    return image(
        i,
        InlineImage.newBuilder()
            .setFormat(ImageFormat.JPEG)
            .setBytes(ByteBuffer.wrap(file))
            .build());
  }

  @Test
  void theStreamThreadNeverAsksTheRegistry() {
    try (DecodeAhead ahead = ahead(Lanes.of(0))) {
      Pending unknown = ahead.begin(image(1), INPUT);
      unknown.help();
      assertThat(unknown.isSoonDone()).isFalse();
      assertThat(id(unknown)).isEqualTo("image-1");
    }
  }

  @Test
  void aRegistryThatWasAwayIsAskedAgainWhenItIsTimeTo() {
    failures.set(2);
    try (DecodeAhead ahead = ahead(Lanes.inline())) {
      Pending pending = ahead.begin(image(1), INPUT);
      assertThat(pending.isDone()).isFalse();
      assertThat(waiting.records()).isEqualTo(1);
      pending.retry();
      assertThat(failures.get()).isEqualTo(1);
      nanos.addAndGet(Duration.ofMillis(100).toNanos());
      pending.retry();
      assertThat(pending.isDone()).isFalse();
      nanos.addAndGet(Duration.ofMillis(200).toNanos());
      pending.retry();
      assertThat(id(pending)).isEqualTo("image-1");
      assertThat(waiting.records()).isZero();
    }
  }

  @Test
  void aRecordThatNobodyWantsAnyMoreWaitsForNothing() {
    failures.set(1);
    try (DecodeAhead ahead = ahead(Lanes.inline())) {
      Pending pending = ahead.begin(image(1), INPUT);
      pending.cancel();
      assertThat(waiting.records()).isZero();
    }
  }

  @Test
  void aRecordThatTheHeapIsTooSmallForIsTriedAgainAlone() {
    tooSmall.set(1);
    try (DecodeAhead ahead = ahead(Lanes.of(1))) {
      assertThat(id(ahead.begin(image(1), INPUT))).isEqualTo("image-1");
    }
  }

  @Test
  void aRecordThatTheHeapIsTooSmallForTwiceIsRefusedAndTheNextIsNot() {
    tooSmall.set(2);
    try (DecodeAhead ahead = ahead(Lanes.of(1))) {
      assertThat(refusal(ahead.begin(image(1), INPUT))).isEqualTo("OUT_OF_MEMORY");
      assertThat(id(ahead.begin(image(2), INPUT))).isEqualTo("image-2");
    }
  }

  @Test
  void aReferenceOfAnUnknownSchemaDoesNotWaitForMemoryThatItHoldsItself() {
    ImageLimits limits =
        new ImageLimits(
            1_000_000,
            DecodeCost.unbounded(DecoderChoice.AUTO),
            new MemoryBudget(1),
            new MemoryBudget(1),
            new MemoryBudget(1));
    try (DecodeAhead ahead = ahead(Lanes.of(0), limits)) {
      ImageReference reference =
          new ImageReference("https://a.example/1.png", "ab".repeat(32), Long.MAX_VALUE);
      Pending pending = ahead.begin(image(1, reference), INPUT);
      pending.help();
      assertThat(refusal(pending)).isEqualTo("REFERENCE_NOT_ALLOWED");
      await().until(() -> limits.files().tryTake(1).isPresent());
    }
  }

  @Test
  void picturesShareTheHeapThatTheyHave() throws Exception {
    // Room for one picture of 300 x 300 grey pixels at a time.
    ImageLimits limits =
        new ImageLimits(
            1_000_000,
            DecodeCost.measure(DecoderChoice.AUTO),
            new MemoryBudget(1),
            new MemoryBudget(300 * 300 * 4),
            new MemoryBudget(1));
    try (DecodeAhead ahead = ahead(Lanes.of(4), limits)) {
      List<Pending> pending = new ArrayList<>();
      for (int i = 0; i < 40; i++) {
        pending.add(ahead.begin(png(i, 300), INPUT));
      }
      for (int i = 0; i < 40; i++) {
        assertThat(id(pending.get(i))).isEqualTo("image-" + i);
      }
      await().until(() -> limits.small().tryTake(limits.small().bytes()).isPresent());
    }
  }
}
