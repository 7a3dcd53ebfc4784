package io.cnn2gnn.topology.decode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cnn2gnn.model.image.InputSpec;
import io.cnn2gnn.schemas.RegistryUnavailableException;
import io.cnn2gnn.schemas.WireReader;
import io.cnn2gnn.schemas.WireWriter;
import io.cnn2gnn.schemas.avro.Image;
import io.cnn2gnn.schemas.avro.ImageFormat;
import io.cnn2gnn.schemas.avro.InlineImage;
import io.cnn2gnn.topology.AppMetrics;
import io.cnn2gnn.topology.Source;
import io.cnn2gnn.topology.decode.DecodeAhead.Pending;
import io.cnn2gnn.topology.decode.RecordDecoder.Decoding;
import io.cnn2gnn.topology.reference.AllowList;
import io.cnn2gnn.topology.reference.ReferenceConfig;
import io.cnn2gnn.topology.reference.ReferenceFetcher;
import io.confluent.kafka.schemaregistry.ParsedSchema;
import io.confluent.kafka.schemaregistry.client.MockSchemaRegistryClient;
import io.confluent.kafka.schemaregistry.client.rest.exceptions.RestClientException;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.junit.jupiter.api.Test;

class DecodeAheadTest {
  private static final InputSpec INPUT = new InputSpec(8, 8, 1, List.of(0.5f), List.of(0.5f));

  private final AtomicInteger failures = new AtomicInteger();
  private final AtomicInteger made = new AtomicInteger();
  private final CountDownLatch entered = new CountDownLatch(1);
  private final CountDownLatch released = new CountDownLatch(1);
  private volatile boolean holdsHelpers;

  /** Fails when told to, and can hold up whoever is not the test. */
  private final MockSchemaRegistryClient registry =
      new MockSchemaRegistryClient() {
        @Override
        public ParsedSchema getSchemaById(int id) throws IOException, RestClientException {
          if (failures.getAndDecrement() > 0) {
            throw new IOException("connection refused");
          }
          if (holdsHelpers && Thread.currentThread().getName().startsWith("cnn2gnn-decode")) {
            entered.countDown();
            try {
              released.await();
            } catch (InterruptedException e) {
              throw new IOException("interrupted", e);
            }
          }
          return super.getSchemaById(id);
        }
      };

  private final WireWriter<Image> writer = new WireWriter<>(registry, "images", Image.class, true);

  private DecodeAhead ahead(int threads) {
    return new DecodeAhead(
        () -> {
          made.incrementAndGet();
          return new RecordDecoder(
              new WireReader<>(registry, Image.class),
              new ReferenceFetcher(
                  new ReferenceConfig(
                      AllowList.of(AllowList.IMAGES, ""), 1, Duration.ofSeconds(1))),
              1000,
              1 << 20);
        },
        threads,
        new AppMetrics(new SimpleMeterRegistry()));
  }

  private Source image(int i) {
    byte[] value =
        writer.write(
            Image.newBuilder()
                .setId("image-" + i)
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
    return new Source("images", 0, i, 0, Optional.empty(), Optional.of(value), new RecordHeaders());
  }

  private static String id(Decoding decoding) {
    return ((Decoding.Accepted) decoding).image().query().id();
  }

  @Test
  void withoutThreadsARecordIsDecodedAtOnce() {
    try (DecodeAhead ahead = ahead(0)) {
      Pending pending = ahead.begin(image(1), INPUT);
      assertThat(pending.isDone()).isTrue();
      assertThat(id(pending.get())).isEqualTo("image-1");
    }
  }

  @Test
  void manyRecordsEachBecomeTheirOwnImage() {
    try (DecodeAhead ahead = ahead(3)) {
      List<Pending> pending = new ArrayList<>();
      for (int i = 0; i < 500; i++) {
        pending.add(ahead.begin(image(i), INPUT));
      }
      for (int i = 0; i < 500; i++) {
        assertThat(id(pending.get(i).get())).isEqualTo("image-" + i);
      }
      assertThat(made.get()).isBetween(1, 4);
    }
  }

  @Test
  void whatNoHelperHasBegunTheCallerDecodesItself() throws InterruptedException {
    holdsHelpers = true;
    try (DecodeAhead ahead = ahead(1)) {
      Pending held = ahead.begin(image(1), INPUT);
      entered.await();
      Pending queued = ahead.begin(image(2), INPUT);
      assertThat(id(queued.get())).isEqualTo("image-2");
      assertThat(held.isDone()).isFalse();
      released.countDown();
      assertThat(id(held.get())).isEqualTo("image-1");
    }
  }

  @Test
  void whereHelpersAreSlowTheCallerDecodesWhatItBringsSoThatFewAreLeftForTheEnd()
      throws InterruptedException {
    holdsHelpers = true;
    try (DecodeAhead ahead = ahead(1)) {
      List<Pending> pending = new ArrayList<>();
      pending.add(ahead.begin(image(0), INPUT));
      entered.await();
      for (int i = 1; i < 64; i++) {
        pending.add(ahead.begin(image(i), INPUT));
      }
      assertThat(pending.stream().filter(p -> !p.isDone())).hasSize(9);
      released.countDown();
      assertThat(id(pending.get(5).get())).isEqualTo("image-5");
    }
  }

  @Test
  void aRegistryThatWasAwayIsAskedAgain() {
    failures.set(2);
    try (DecodeAhead ahead = ahead(1)) {
      Pending pending = ahead.begin(image(1), INPUT);
      assertThatThrownBy(pending::get).isInstanceOf(RegistryUnavailableException.class);
      assertThatThrownBy(pending::get).isInstanceOf(RegistryUnavailableException.class);
      assertThat(id(pending.get())).isEqualTo("image-1");
    }
  }

  @Test
  void whatHadNotBegunWhenItWasClosedCanStillBeTaken() throws InterruptedException {
    holdsHelpers = true;
    DecodeAhead ahead = ahead(1);
    var unused = ahead.begin(image(1), INPUT);
    entered.await();
    Pending queued = ahead.begin(image(2), INPUT);
    ahead.close();
    assertThat(id(queued.get())).isEqualTo("image-2");
  }
}
