package io.cnn2gnn.topology;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.cnn2gnn.model.files.Sha256;
import io.cnn2gnn.schemas.avro.Prediction;
import io.cnn2gnn.topology.deadletter.DeadLetters;
import io.confluent.kafka.schemaregistry.client.MockSchemaRegistryClient;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.streams.test.TestRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Images by reference on their way through the topology. */
class ReferenceTopologyTest {
  private static final byte[] PNG = Rig.png(1);
  private static final String HASH = Sha256.hex(PNG);

  private final AtomicInteger away = new AtomicInteger();
  private HttpServer server;
  private String web;

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    serve("/a.png", 200, PNG);
    serve("/moved.png", 301, new byte[0]);
    serve("/secret.png", 403, new byte[0]);
    serve("/text.png", 200, new byte[PNG.length]);
    server.start();
    web = "http://127.0.0.1:%d/".formatted(server.getAddress().getPort());
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  private void serve(String path, int status, byte[] body) {
    server.createContext(
        path,
        exchange -> {
          boolean failing = away.getAndDecrement() > 0;
          exchange.sendResponseHeaders(failing ? 503 : status, body.length == 0 ? -1 : body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
  }

  private static Rig rig(String allowed) {
    return new Rig(Rig.CONFIG, new MockSchemaRegistryClient(), real -> real, allowed);
  }

  @Test
  void anImageByReferenceIsClassified() {
    try (Rig rig = rig(web)) {
      byte[] reference = rig.reference("by-reference", web + "a.png", HASH, PNG.length);
      rig.send("camera", reference);
      assertThat(rig.pending()).isEqualTo(1);
      rig.pass(Duration.ofMillis(60));
      assertThat(rig.predictions())
          .extracting(Prediction::getImageId)
          .containsExactly("by-reference");
      assertThat(rig.pending()).isZero();
    }
  }

  @Test
  void eachRefusalIsOneDeadLetterOfTheRecordAsItCame() {
    try (Rig rig = rig(web)) {
      List<byte[]> records = new ArrayList<>();
      records.add(rig.reference("a", "file:/etc/passwd", HASH, PNG.length));
      records.add(rig.reference("b", web + "missing.png", HASH, PNG.length));
      records.add(rig.reference("c", web + "a.png", HASH, 1L << 40));
      records.add(rig.reference("d", web + "a.png", HASH, PNG.length - 1));
      records.add(rig.reference("e", web + "text.png", HASH, PNG.length));
      records.add(rig.reference("f", web + "a.png", "", PNG.length));
      records.add(rig.reference("g", web + "moved.png", HASH, PNG.length));
      records.add(rig.reference("h", web + "secret.png", HASH, PNG.length));
      records.add(
          rig.reference("i", web + "text.png", Sha256.hex(new byte[PNG.length]), PNG.length));
      for (byte[] record : records) {
        rig.send("camera", record);
      }
      rig.send("camera", rig.image("inline"));
      rig.pass(Duration.ofMillis(60));
      assertThat(rig.predictions()).extracting(Prediction::getImageId).containsExactly("inline");
      List<TestRecord<String, byte[]>> letters = rig.deadLetters.readRecordsToList();
      assertThat(letters)
          .extracting(l -> Rig.header(l, DeadLetters.REASON))
          .containsExactly(
              "REFERENCE_NOT_ALLOWED",
              "REFERENCE_NOT_FOUND",
              "REFERENCE_TOO_LARGE",
              "REFERENCE_MISMATCH",
              "REFERENCE_MISMATCH",
              "REFERENCE_MISMATCH",
              "REFERENCE_REFUSED",
              "REFERENCE_REFUSED",
              "UNSUPPORTED_FORMAT");
      assertThat(letters).extracting(TestRecord::value).containsExactlyElementsOf(records);
    }
  }

  @Test
  void byDefaultReferencesAreRefusedWithTheKeyThatAllowsThem() {
    try (Rig rig = rig("")) {
      rig.send("camera", rig.reference("a", web + "a.png", HASH, PNG.length));
      TestRecord<String, byte[]> letter = rig.deadLetters.readRecord();
      assertThat(Rig.header(letter, DeadLetters.REASON)).isEqualTo("REFERENCE_NOT_ALLOWED");
      assertThat(Rig.header(letter, DeadLetters.MESSAGE)).contains("cnn2gnn.reference.allow");
    }
  }

  @Test
  void waitsForAHostThatIsAwayForTwoTriesAndSkipsNothing() {
    try (Rig rig = rig(web)) {
      away.set(2);
      rig.send("camera", rig.reference("a", web + "a.png", HASH, PNG.length));
      rig.send("camera", rig.image("b"));
      rig.pass(Duration.ofMillis(90));
      assertThat(rig.waiting.records()).isEqualTo(1);
      assertThat(rig.predictions()).isEmpty();
      // Pauses of 100 and 200 ms.
      rig.pass(Duration.ofMillis(10));
      rig.pass(Duration.ofMillis(190));
      assertThat(rig.predictions()).isEmpty();
      rig.pass(Duration.ofMillis(10));
      assertThat(rig.predictions()).extracting(Prediction::getImageId).containsExactly("a", "b");
      assertThat(rig.waiting.records()).isZero();
      assertThat(rig.deadLetters.isEmpty()).isTrue();
    }
  }

  @Test
  void imagesBeforeOneThatWaitsAreAnsweredWithoutIt() {
    try (Rig rig = rig(web)) {
      away.set(Integer.MAX_VALUE);
      rig.send("camera", rig.image("before"));
      rig.send("camera", rig.reference("a", web + "a.png", HASH, PNG.length));
      rig.send("camera", rig.image("behind"));
      rig.pass(Duration.ofMillis(60));
      assertThat(rig.predictions()).extracting(Prediction::getImageId).containsExactly("before");
      assertThat(rig.pending()).isEqualTo(2);
    }
  }

  @Test
  void aPartitionWhoseRecordsWaitTakesNoMoreThanSomeBatchesOfThem() {
    try (Rig rig = rig(web)) {
      away.set(Integer.MAX_VALUE);
      rig.send("camera", rig.reference("a", web + "a.png", HASH, PNG.length));
      for (int i = 0; i < 4 * 4 - 2; i++) {
        rig.send("camera", rig.image("behind-" + i));
      }
      assertThat(rig.backpressure.isFull(0)).isFalse();
      rig.send("camera", rig.image("last"));
      assertThat(rig.backpressure.isFull(0)).isTrue();
      away.set(0);
      for (int i = 0; i < 20; i++) {
        rig.pass(Duration.ofSeconds(1));
      }
      assertThat(rig.predictions()).hasSize(16);
      assertThat(rig.backpressure.isFull(0)).isFalse();
    }
  }

  @Test
  void aHostThatStaysAwayForLongerThanThePatienceIsADeadLetter() {
    try (Rig rig = rig(web)) {
      away.set(Integer.MAX_VALUE);
      rig.send("camera", rig.reference("a", web + "a.png", HASH, PNG.length));
      rig.pass(Rig.CONFIG.referencePatience().minusSeconds(1));
      assertThat(rig.deadLetters.isEmpty()).isTrue();
      rig.pass(Duration.ofSeconds(6));
      TestRecord<String, byte[]> letter = rig.deadLetters.readRecord();
      assertThat(Rig.header(letter, DeadLetters.REASON)).isEqualTo("REFERENCE_UNAVAILABLE");
      assertThat(Rig.header(letter, DeadLetters.MESSAGE)).contains("503", "PT30S");
      assertThat(rig.waiting.records()).isZero();
      assertThat(rig.pending()).isZero();
    }
  }
}
