package io.cnn2gnn.topology.batching;

import static org.assertj.core.api.Assertions.assertThat;

import io.cnn2gnn.intake.ImageRecords;
import io.cnn2gnn.model.image.InputSpec;
import io.cnn2gnn.model.reference.AllowList;
import io.cnn2gnn.model.reference.ReferenceConfig;
import io.cnn2gnn.model.reference.ReferenceFetcher;
import io.cnn2gnn.schemas.WireReader;
import io.cnn2gnn.schemas.WireWriter;
import io.cnn2gnn.schemas.avro.Image;
import io.cnn2gnn.schemas.avro.ImageFormat;
import io.cnn2gnn.schemas.avro.InlineImage;
import io.cnn2gnn.topology.decode.DecodeAhead;
import io.cnn2gnn.topology.decode.DecodeAhead.Pending;
import io.cnn2gnn.topology.decode.ImageLimits;
import io.cnn2gnn.topology.decode.Lanes;
import io.cnn2gnn.topology.decode.Patience;
import io.cnn2gnn.topology.decode.RecordDecoder;
import io.cnn2gnn.topology.decode.Waiting;
import io.cnn2gnn.topology.flow.DecodedImage;
import io.cnn2gnn.topology.flow.Source;
import io.cnn2gnn.topology.heap.HeapFaults;
import io.cnn2gnn.topology.metrics.AppMetrics;
import io.confluent.kafka.schemaregistry.client.MockSchemaRegistryClient;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class OpenImagesTest {
  private static final InputSpec SMALL = new InputSpec(8, 8, 1, List.of(0.5f), List.of(0.5f));
  private static final InputSpec LARGE = new InputSpec(16, 16, 1, List.of(0.5f), List.of(0.5f));

  private final MockSchemaRegistryClient registry = new MockSchemaRegistryClient();
  private final WireWriter<Image> writer = new WireWriter<>(registry, "images", Image.class, true);
  private final WireReader<Image> reader = new WireReader<>(registry, "images", Image.class);
  private final AppMetrics metrics = new AppMetrics(new SimpleMeterRegistry());
  private final DecodeAhead decoding =
      new DecodeAhead(
          () ->
              new RecordDecoder(
                  new ImageRecords(reader),
                  new ReferenceFetcher(
                      new ReferenceConfig(
                          AllowList.of(AllowList.IMAGES, ""), 1, Duration.ofSeconds(1))),
                  ImageLimits.trusting(1000),
                  1 << 20),
          Lanes.inline(),
          ImageLimits.trusting(1000),
          new Patience(Duration.ofSeconds(1), () -> 0, new Waiting()),
          new HeapFaults(() -> 0, metrics),
          metrics);
  private final OpenImages open =
      new OpenImages(new BatchConfig(3, Duration.ofMillis(50), 1 << 20));

  @AfterEach
  void close() {
    decoding.close();
  }

  private Pending image(int offset, InputSpec input) {
    return decoding.begin(source(offset, record(offset)), input);
  }

  private byte[] record(int offset) {
    return writer.write(
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
            .build());
  }

  private static Source source(int offset, byte[] value) {
    return new Source(
        "images", 0, offset, 0, Optional.empty(), Optional.of(value), new RecordHeaders());
  }

  private static List<Long> offsets(List<DecodedImage> images) {
    return images.stream().map(image -> image.source().offset()).toList();
  }

  @Test
  void imagesLeaveInTheOrderOfTheirOffsetsWithoutThoseThatAreRefused() {
    open.add(image(1, SMALL), 0);
    open.add(decoding.begin(source(2, new byte[] {1}), SMALL), 0);
    open.add(image(3, SMALL), 0);
    assertThat(open.nextRefused()).map(p -> p.source().offset()).hasValue(2L);
    assertThat(open.nextRefused()).isEmpty();
    assertThat(open.ready()).isEqualTo(2);
    assertThat(open.offsets()).containsExactly(1L, 3L);
    assertThat(offsets(open.take(2))).containsExactly(1L, 3L);
    assertThat(open.size()).isZero();
    assertThat(open.bytes()).isZero();
  }

  @Test
  void aBatchIsDueByCountByTimeAndWhenItIsAskedFor() {
    assertThat(open.due(0, true)).isEmpty();
    open.add(image(1, SMALL), 0);
    assertThat(open.due(0, false)).isEmpty();
    assertThat(open.due(0, true)).hasValue(Closing.DRAIN);
    assertThat(open.due(Duration.ofMillis(50).toNanos(), false)).hasValue(Closing.TIME);
    open.add(image(2, SMALL), 0);
    open.add(image(3, SMALL), 0);
    assertThat(open.due(0, false)).hasValue(Closing.COUNT);
  }

  @Test
  void whatIsDecodedAnewForAnotherModelCountsByItsNewSize() {
    open.add(image(1, LARGE), 0);
    open.add(image(2, SMALL), 0);
    assertThat(open.nextRefused()).isEmpty();
    long before = open.bytes();
    assertThat(open.refit(2, SMALL, old -> decoding.begin(old.source(), SMALL))).isTrue();
    assertThat(open.bytes()).isEqualTo(before - LARGE.bytes() + SMALL.bytes());
    assertThat(open.nextRefused()).isEmpty();
    assertThat(open.refit(2, SMALL, old -> decoding.begin(old.source(), SMALL))).isFalse();
    assertThat(offsets(open.take(2))).containsExactly(1L, 2L);
    assertThat(open.bytes()).isZero();
  }
}
