package io.cnn2gnn.topology;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.cnn2gnn.model.inference.Answer;
import io.cnn2gnn.model.inference.BankMatrix;
import io.cnn2gnn.model.inference.DeviceMemoryException;
import io.cnn2gnn.model.inference.Query;
import io.cnn2gnn.schemas.WireWriter;
import io.cnn2gnn.schemas.avro.ImageFormat;
import io.cnn2gnn.schemas.avro.Neighbour;
import io.cnn2gnn.schemas.avro.NeighbourOrigin;
import io.cnn2gnn.schemas.avro.Prediction;
import io.cnn2gnn.topology.batching.BatchConfig;
import io.cnn2gnn.topology.deadletter.DeadLetters;
import io.cnn2gnn.topology.flow.Nodes;
import io.cnn2gnn.topology.serving.Classifier;
import io.confluent.kafka.schemaregistry.ParsedSchema;
import io.confluent.kafka.schemaregistry.client.MockSchemaRegistryClient;
import io.confluent.kafka.schemaregistry.client.rest.exceptions.RestClientException;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.streams.test.TestRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ClassificationTopologyTest {
  @Test
  void isTheCommittedTopologyToTheLetter() throws IOException {
    try (Rig rig = new Rig();
        var golden = getClass().getResourceAsStream("topology.txt")) {
      String expected = new String(golden.readAllBytes(), StandardCharsets.UTF_8);
      assertThat(rig.describe()).isEqualTo(expected);
    }
  }

  @Test
  void closesABatchByCount() {
    try (Rig rig = new Rig()) {
      for (int i = 0; i < 3; i++) {
        rig.send("camera", rig.image("image-" + i));
      }
      assertThat(rig.predictions()).isEmpty();
      rig.send("camera", rig.image("image-3"));
      assertThat(rig.predictions())
          .hasSize(4)
          .allSatisfy(p -> assertThat(p.getBatchSize()).isEqualTo(4))
          .extracting(Prediction::getImageId)
          .containsExactly("image-0", "image-1", "image-2", "image-3");
      assertThat(rig.pending()).isZero();
    }
  }

  @Test
  void closesABatchSoLongAfterItsFirstImageWhateverComesAfter() {
    try (Rig rig = new Rig()) {
      rig.send("camera", rig.image("a"));
      rig.pass(Duration.ofMillis(30));
      rig.send("camera", rig.image("b"));
      rig.pass(Duration.ofMillis(19));
      assertThat(rig.predictions()).isEmpty();
      assertThat(rig.pending()).isEqualTo(2);
      rig.pass(Duration.ofMillis(12));
      assertThat(rig.predictions()).extracting(Prediction::getImageId).containsExactly("a", "b");
      assertThat(rig.pending()).isZero();
    }
  }

  @Test
  void countsWhyBatchesWereClosedHowLongTheirImagesTookAndWhatTheBankHolds() {
    SimpleMeterRegistry meters;
    try (Rig rig = new Rig()) {
      meters = rig.meters;
      for (String id : List.of("a", "b", "c", "d", "e")) {
        rig.send("camera", rig.image(id));
      }
      rig.pass(Duration.ofMillis(60));
      assertThat(closed(rig, "count")).isEqualTo(1);
      assertThat(closed(rig, "time")).isEqualTo(1);
      assertThat(closed(rig, "bytes")).isZero();
      assertThat(closed(rig, "drain")).isZero();
      assertThat(meters.get("cnn2gnn.batch.wait").timer().max(TimeUnit.MILLISECONDS))
          .isBetween(50.0, 60.0);
      assertThat(meters.get("cnn2gnn.image.decode").timer().count()).isEqualTo(5);
      assertThat(meters.get("cnn2gnn.image.latency").timer().count()).isEqualTo(5);
      assertThat(meters.get("cnn2gnn.batch.publish").timer().count()).isEqualTo(2);
      assertThat(meters.get("cnn2gnn.bank.admission").timer().count()).isEqualTo(2);
      // Twelve prototypes besides.
      assertThat(meters.get("cnn2gnn.bank.rows").tag("partition", "0").gauge().value())
          .isEqualTo(17);
      assertThat(meters.get("cnn2gnn.bank.epoch").gauge().value()).isEqualTo(5);
    }
    assertThat(meters.find("cnn2gnn.bank.rows").gauge()).isNull();
  }

  private static double closed(Rig rig, String reason) {
    return rig.meters.get("cnn2gnn.batch.closed").tag("by", reason).counter().count();
  }

  /** An image counts with the bytes of its record's value and of its samples. */
  @ParameterizedTest
  @CsvSource({"0, 2", "1, 3"})
  void closesABatchWithTheImageThatReachesItsBytes(int beyondTwoImages, int closesWith) {
    byte[] png = Rig.png(1);
    int one;
    try (Rig rig = new Rig()) {
      one = rig.image("0", ImageFormat.PNG, png).length + 64;
    }
    BatchConfig bytes = new BatchConfig(100, Duration.ofSeconds(1), 2 * one + beyondTwoImages);
    try (Rig rig = new Rig(Rig.config(bytes, 8), new MockSchemaRegistryClient(), real -> real)) {
      for (int i = 1; i <= 2 * closesWith; i++) {
        rig.send("camera", rig.image(Integer.toString(i % 10), ImageFormat.PNG, png));
        assertThat(rig.predictions())
            .as("after %d", i)
            .hasSize(i % closesWith == 0 ? closesWith : 0);
      }
      assertThat(closed(rig, "bytes")).isEqualTo(2);
      assertThat(closed(rig, "count") + closed(rig, "time") + closed(rig, "drain")).isZero();
    }
  }

  @Test
  void sixBadInputsInABatchOf64CostSixDeadLettersAndNothingElse() {
    TopologyConfig config = Rig.config(new BatchConfig(64, Duration.ofMillis(50), 1 << 20), 128);
    try (Rig rig = new Rig(config, new MockSchemaRegistryClient(), real -> real)) {
      byte[] png = Rig.png(1);
      Map<Integer, byte[]> bad = new TreeMap<>();
      bad.put(
          3, rig.image("text", ImageFormat.PNG, "not an image".getBytes(StandardCharsets.UTF_8)));
      bad.put(11, rig.image("cut", ImageFormat.PNG, Arrays.copyOf(png, png.length / 2)));
      bad.put(20, new byte[0]);
      bad.put(31, rig.image("bomb", ImageFormat.PNG, hugeHeader(png)));
      bad.put(40, anotherSchema(rig));
      bad.put(63, "no magic byte".getBytes(StandardCharsets.UTF_8));
      for (int i = 0; i < 64; i++) {
        rig.send("camera", bad.getOrDefault(i, rig.image("image-" + i)));
      }
      rig.pass(Duration.ofMillis(60));
      assertThat(rig.predictions())
          .hasSize(58)
          .extracting(Prediction::getBatchSize)
          .containsOnly(58);
      List<TestRecord<String, byte[]>> letters = rig.deadLetters.readRecordsToList();
      assertThat(letters)
          .extracting(l -> Rig.header(l, DeadLetters.REASON))
          .containsExactly(
              "UNSUPPORTED_FORMAT",
              "CORRUPT_IMAGE",
              "EMPTY_VALUE",
              "TOO_MANY_PIXELS",
              "WRONG_SCHEMA",
              "NO_MAGIC_BYTE");
      assertThat(letters)
          .extracting(l -> Rig.header(l, DeadLetters.OFFSET))
          .containsExactly("3", "11", "20", "31", "40", "63");
      assertThat(letters)
          .extracting(
              l ->
                  l.headers().lastHeader(DeadLetters.IMAGE_ID) == null
                      ? "unknown"
                      : Rig.header(l, DeadLetters.IMAGE_ID))
          .containsExactly("text", "cut", "unknown", "bomb", "unknown", "unknown");
      assertThat(letters).extracting(TestRecord::key).containsOnly("camera");
      assertThat(letters).extracting(TestRecord::value).containsExactlyElementsOf(bad.values());
    }
  }

  @Test
  void aDeadLetterTooLargeForItsTopicIsCutAndHashed() {
    try (Rig rig = new Rig()) {
      byte[] large = new byte[(1 << 20) + 5];
      large[0] = 1;
      TestRecord<String, byte[]> sent = new TestRecord<>("camera", large);
      sent.headers().add("traceparent", "parent".getBytes(StandardCharsets.UTF_8));
      sent.headers().add("tracestate", new byte[513]);
      sent.headers().add("other", new byte[] {1});
      rig.images.pipeInput(sent);
      TestRecord<String, byte[]> letter = rig.deadLetters.readRecord();
      assertThat(letter.value()).hasSizeLessThan(1 << 20);
      assertThat(Rig.header(letter, DeadLetters.REASON)).isEqualTo("RECORD_TOO_LARGE");
      assertThat(Rig.header(letter, DeadLetters.VALUE_BYTES)).isEqualTo("1048581");
      assertThat(Rig.header(letter, DeadLetters.VALUE_SHA256)).hasSize(64);
      assertThat(Rig.header(letter, "traceparent")).isEqualTo("parent");
      assertThat(letter.headers().lastHeader("tracestate")).as("beyond W3C's limit").isNull();
      assertThat(letter.headers().lastHeader("other")).isNull();
    }
  }

  @Test
  void anIdTooLongToRepeatInEveryPredictionIsADeadLetter() {
    try (Rig rig = new Rig()) {
      rig.send("camera", rig.image("x".repeat(70_000)));
      rig.send("camera", rig.image(""));
      assertThat(rig.deadLetters.readRecordsToList())
          .hasSize(2)
          .extracting(l -> Rig.header(l, DeadLetters.REASON))
          .containsOnly("INVALID_ID");
    }
  }

  @Test
  void oneImageThatBreaksTheModelCostsOneImage() {
    AtomicInteger calls = new AtomicInteger();
    TopologyConfig config = Rig.config(new BatchConfig(16, Duration.ofSeconds(1), 1 << 20), 8);
    try (Rig rig =
        new Rig(config, new MockSchemaRegistryClient(), real -> poisoned(real, calls, false))) {
      for (int i = 0; i < 16; i++) {
        rig.send("camera", rig.image(i == 9 ? "poison" : "image-" + i));
      }
      assertThat(rig.predictions())
          .hasSize(15)
          .extracting(Prediction::getImageId)
          .isSortedAccordingTo(
              (a, b) ->
                  Integer.compare(
                      Integer.parseInt(a.substring(6)), Integer.parseInt(b.substring(6))));
      TestRecord<String, byte[]> letter = rig.deadLetters.readRecord();
      assertThat(Rig.header(letter, DeadLetters.REASON)).isEqualTo("INFERENCE_FAILED");
      assertThat(Rig.header(letter, DeadLetters.IMAGE_ID)).isEqualTo("poison");
      assertThat(Rig.header(letter, DeadLetters.OFFSET)).isEqualTo("9");
      assertThat(rig.deadLetters.isEmpty()).isTrue();
      assertThat(calls.get()).isLessThanOrEqualTo(2 * 16);
    }
  }

  @Test
  void aBrokenModelStopsTheTaskAndBlamesNoImage() {
    AtomicInteger calls = new AtomicInteger();
    try (Rig rig =
        new Rig(Rig.CONFIG, new MockSchemaRegistryClient(), real -> poisoned(real, calls, true))) {
      for (int i = 0; i < 3; i++) {
        rig.send("camera", rig.image("poison"));
      }
      assertThatThrownBy(() -> rig.send("camera", rig.image("poison")))
          .rootCause()
          .hasMessageContaining("self-test");
      assertThat(rig.deadLetters.isEmpty()).isTrue();
    }
  }

  /** A model of which a test changes one thing. */
  private abstract static class Faulty implements Classifier {
    final Classifier real;

    Faulty(Classifier real) {
      this.real = real;
    }

    @Override
    public List<Answer> classifyOnCpu(List<Query> batch, BankMatrix bank) {
      return real.classifyOnCpu(batch, bank);
    }

    @Override
    public void selfTest() {
      real.selfTest();
    }
  }

  private static Classifier poisoned(Classifier real, AtomicInteger calls, boolean broken) {
    return new Faulty(real) {
      @Override
      public List<Answer> classify(List<Query> batch, BankMatrix bank) {
        calls.incrementAndGet();
        if (batch.stream().anyMatch(q -> q.id().equals("poison"))) {
          throw new IllegalStateException("poisoned");
        }
        return real.classify(batch, bank);
      }

      @Override
      public void selfTest() {
        if (broken) {
          throw new IllegalStateException("the self-test failed");
        }
        super.selfTest();
      }
    };
  }

  @Test
  void aFaultThatPassesCostsNoImage() {
    AtomicInteger calls = new AtomicInteger();
    try (Rig rig =
        new Rig(
            Rig.CONFIG,
            new MockSchemaRegistryClient(),
            real ->
                new Faulty(real) {
                  @Override
                  public List<Answer> classify(List<Query> batch, BankMatrix bank) {
                    if (calls.getAndIncrement() < 3) {
                      throw new IllegalStateException("a hiccup");
                    }
                    return real.classify(batch, bank);
                  }
                })) {
      for (int i = 0; i < 4; i++) {
        rig.send("camera", rig.image("image-" + i));
      }
      assertThat(rig.predictions()).hasSize(4);
      assertThat(rig.deadLetters.isEmpty()).isTrue();
    }
  }

  @Test
  void aDeviceWithoutMemoryHalvesTheBatchAndAtLastTheCpuAnswers() {
    List<Integer> sizes = new ArrayList<>();
    try (Rig rig =
        new Rig(
            Rig.CONFIG,
            new MockSchemaRegistryClient(),
            real ->
                new Faulty(real) {
                  @Override
                  public List<Answer> classify(List<Query> batch, BankMatrix bank) {
                    sizes.add(batch.size());
                    if (batch.size() > 1 || batch.get(0).id().equals("large")) {
                      throw new DeviceMemoryException("no memory", new IllegalStateException());
                    }
                    return real.classify(batch, bank);
                  }
                })) {
      for (String id : List.of("large", "b", "c", "d")) {
        rig.send("camera", rig.image(id));
      }
      assertThat(rig.predictions())
          .extracting(Prediction::getImageId)
          .containsExactly("large", "b", "c", "d");
      assertThat(sizes).containsExactly(4, 2, 1, 1, 2, 1, 1);
      assertThat(rig.deadLetters.isEmpty()).isTrue();
      assertThat(rig.count("cnn2gnn.device.out.of.memory", "remedy", "halved")).isEqualTo(3);
      assertThat(rig.count("cnn2gnn.device.out.of.memory", "remedy", "fell_back")).isEqualTo(1);
    }
  }

  @Test
  void waitsForARegistryThatIsAwayAndSkipsNothing() {
    AtomicInteger failures = new AtomicInteger();
    MockSchemaRegistryClient flaky =
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
    try (Rig rig = new Rig(Rig.CONFIG, flaky, real -> real)) {
      failures.set(5);
      rig.send("camera", rig.image("a"));
      // Pauses of 0.1, 0.2, 0.4, 0.8 and 1.6 s.
      for (int i = 0; i < 31; i++) {
        rig.pass(Duration.ofMillis(100));
        assertThat(rig.predictions().size()).as("after %d00 ms", i + 1).isEqualTo(i == 30 ? 1 : 0);
      }
      assertThat(rig.deadLetters.isEmpty()).isTrue();
      assertThat(failures.get()).isNegative();
      assertThat(rig.waiting.records()).isZero();
    }
  }

  @Test
  void recordsThatAreDecodedAheadAreWaitedForToo() {
    AtomicInteger failures = new AtomicInteger();
    MockSchemaRegistryClient flaky =
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
    try (Rig rig = new Rig(Rig.CONFIG, flaky, real -> real, "", 2)) {
      failures.set(5);
      for (int i = 0; i < 40; i++) {
        byte[] junk = "no magic byte".getBytes(StandardCharsets.UTF_8);
        rig.send("camera", i % 8 == 3 ? junk : rig.image("image-" + i));
      }
      List<String> answered = new ArrayList<>();
      await()
          .until(
              () -> {
                rig.pass(Duration.ofMillis(60));
                rig.predictions().forEach(p -> answered.add(p.getImageId()));
                return rig.pending() == 0;
              });
      assertThat(answered)
          .containsExactlyElementsOf(
              IntStream.range(0, 40).filter(i -> i % 8 != 3).mapToObj(i -> "image-" + i).toList());
      assertThat(rig.deadLetters.readRecordsToList())
          .extracting(l -> Rig.header(l, DeadLetters.OFFSET))
          .containsExactlyInAnyOrder("3", "11", "19", "27", "35");
      assertThat(rig.pending()).isZero();
      assertThat(rig.waiting.records()).isZero();
    }
  }

  @Test
  void aRefusalThatComesWhileItsBatchIsOpenIsADeadLetterBeforeTheBatchCloses() throws Exception {
    try (Rig rig = new Rig(Rig.CONFIG, new MockSchemaRegistryClient(), real -> real, "", 1)) {
      rig.send("camera", rig.image("a"));
      rig.send("camera", "no magic byte".getBytes(StandardCharsets.UTF_8));
      await()
          .until(
              () -> {
                // Only the ticks: to the batch no time passes.
                rig.driver.advanceWallClockTime(Duration.ofMillis(20));
                return !rig.deadLetters.isEmpty();
              });
      assertThat(rig.deadLetters.readRecordsToList())
          .extracting(l -> Rig.header(l, DeadLetters.OFFSET))
          .containsExactly("1");
      assertThat(rig.pending()).isEqualTo(1);
      assertThat(rig.predictions()).isEmpty();
      rig.pass(Duration.ofMillis(60));
      assertThat(rig.predictions()).extracting(Prediction::getImageId).containsExactly("a");
    }
  }

  @Test
  void aRegistryThatStaysAwayIsWaitedForWithoutEnd() {
    AtomicBoolean away = new AtomicBoolean(true);
    MockSchemaRegistryClient registry =
        new MockSchemaRegistryClient() {
          @Override
          public ParsedSchema getSchemaBySubjectAndId(String subject, int id)
              throws IOException, RestClientException {
            if (away.get()) {
              throw new IOException("connection refused");
            }
            return super.getSchemaBySubjectAndId(subject, id);
          }
        };
    try (Rig rig = new Rig(Rig.CONFIG, registry, real -> real)) {
      rig.send("camera", rig.image("a"));
      rig.pass(Duration.ofDays(2));
      assertThat(rig.deadLetters.isEmpty()).isTrue();
      assertThat(rig.waiting.records()).isEqualTo(1);
      away.set(false);
      rig.pass(Duration.ofSeconds(6));
      assertThat(rig.predictions()).extracting(Prediction::getImageId).containsExactly("a");
      assertThat(rig.waiting.records()).isZero();
    }
  }

  @Test
  void laterImagesNameEarlierOnesAsNeighboursAndTheBankStaysBounded() {
    try (Rig rig = new Rig()) {
      List<Prediction> all = new ArrayList<>();
      for (int i = 0; i < 40; i++) {
        rig.send("camera", rig.image("image-" + i));
        all.addAll(rig.predictions());
      }
      assertThat(all).hasSize(40);
      int named = 0;
      for (int i = 0; i < 40; i++) {
        int before = i / 4 * 4;
        List<String> lastEight =
            IntStream.range(Math.max(0, before - 8), before).mapToObj(k -> "image-" + k).toList();
        List<String> fromBank =
            all.get(i).getNeighbours().stream()
                .filter(n -> n.getOrigin() == NeighbourOrigin.BANK)
                .map(Neighbour::getImageId)
                .toList();
        assertThat(lastEight).as("for image-%d", i).containsAll(fromBank);
        named += fromBank.size();
      }
      assertThat(named).isPositive();
      assertThat(all.get(0).getBankEpoch()).isZero();
      assertThat(all.get(39).getBankEpoch()).isEqualTo(36);
      assertThat(
              rig.driver
                  .<Integer, byte[]>getKeyValueStore(Nodes.BANK_STORE)
                  .approximateNumEntries())
          .isEqualTo(8);
    }
  }

  @Test
  void predictionsKeepKeyOrderHeadersAndTimestamps() {
    try (Rig rig = new Rig()) {
      for (int i = 0; i < 4; i++) {
        TestRecord<String, byte[]> record =
            new TestRecord<>(
                "key-" + i % 2, rig.image("image-" + i), Rig.START.minusMillis(10 - i));
        record.headers().add("traceparent", ("t" + i).getBytes(StandardCharsets.UTF_8));
        rig.images.pipeInput(record);
      }
      List<TestRecord<String, byte[]>> records = rig.predictionRecords();
      assertThat(records)
          .extracting(TestRecord::key)
          .containsExactly("key-0", "key-1", "key-0", "key-1");
      assertThat(records)
          .extracting(TestRecord::getRecordTime)
          .containsExactly(
              Rig.START.minusMillis(10),
              Rig.START.minusMillis(9),
              Rig.START.minusMillis(8),
              Rig.START.minusMillis(7));
      assertThat(records)
          .extracting(r -> Rig.header(r, "traceparent"))
          .containsExactly("t0", "t1", "t2", "t3");
    }
  }

  /** The epoch's begin; in seconds; ahead by half a day; in microseconds. */
  @ParameterizedTest
  @ValueSource(longs = {0, 1_764_000_000, 1_795_461_300_000L, 1_764_000_000_000_000L})
  void aRecordWithoutATimeThatCanBeTrueIsAnsweredByNow(long timestamp) {
    try (Rig rig = new Rig()) {
      for (byte[] value : new byte[][] {rig.image("image"), {7}}) {
        rig.images.pipeInput(new TestRecord<>("camera", value, new RecordHeaders(), timestamp));
      }
      rig.pass(Duration.ofMillis(60));
      TestRecord<String, byte[]> prediction = rig.predictionRecords().get(0);
      assertThat(prediction.getRecordTime()).isEqualTo(Rig.START.plusMillis(60));
      assertThat(prediction.headers()).isEmpty();
      TestRecord<String, byte[]> letter = rig.deadLetters.readRecord();
      assertThat(letter.getRecordTime()).isBetween(Rig.START, Rig.START.plusMillis(60));
      assertThat(letter.headers().lastHeader("cnn2gnn.timestamp")).isNull();
      assertThat(rig.meters.timer("cnn2gnn.image.latency").count()).isZero();
    }
  }

  @Test
  void aTimeThatIsAheadIsNoPredictionsTime() {
    try (Rig rig = new Rig()) {
      rig.images.pipeInput(
          new TestRecord<>("camera", rig.image("image"), Rig.START.plusSeconds(600)));
      rig.pass(Duration.ofMillis(60));
      assertThat(rig.predictionRecords().get(0).getRecordTime())
          .isEqualTo(Rig.START.plusMillis(60));
      assertThat(rig.meters.timer("cnn2gnn.image.latency").max(TimeUnit.SECONDS)).isZero();
    }
  }

  @Test
  void aPredictionDoesNotBearTheSchemaIdOfItsImage() {
    try (Rig rig = new Rig()) {
      byte[] value = rig.image("image");
      RecordHeaders headers = new RecordHeaders();
      headers.add("__value_schema_id", Arrays.copyOf(value, 5));
      headers.add("lens", new byte[] {7});
      rig.images.pipeInput(
          new TestRecord<>(
              "camera", Arrays.copyOfRange(value, 5, value.length), headers, Rig.START));
      rig.pass(Duration.ofMillis(60));
      assertThat(rig.predictionRecords().get(0).headers().toArray())
          .extracting(Header::key)
          .containsExactly("lens");
    }
  }

  @Test
  void aTraceReachesPredictionAndDeadLetter() {
    try (Rig rig = new Rig()) {
      String parent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
      for (byte[] value : new byte[][] {rig.image("image"), {7}}) {
        TestRecord<String, byte[]> record = new TestRecord<>("camera", value);
        record.headers().add("traceparent", parent.getBytes(StandardCharsets.UTF_8));
        record.headers().add("tracestate", "vendor=1".getBytes(StandardCharsets.UTF_8));
        rig.images.pipeInput(record);
      }
      rig.pass(Duration.ofMillis(60));
      for (TestRecord<String, byte[]> record :
          List.of(rig.predictionRecords().get(0), rig.deadLetters.readRecord())) {
        assertThat(Rig.header(record, "traceparent")).isEqualTo(parent);
        assertThat(Rig.header(record, "tracestate")).isEqualTo("vendor=1");
      }
    }
  }

  private static byte[] anotherSchema(Rig rig) {
    return new WireWriter<>(rig.registry, "elsewhere", Prediction.class, true)
        .write(
            Prediction.newBuilder()
                .setImageId("x")
                .setLabel("ant")
                .setConfidence(1)
                .setScores(List.of())
                .setModelVersion("v")
                .setSpace("s")
                .setBatchId("b")
                .setBatchSize(1)
                .setBankEpoch(0)
                .setNeighbours(List.of())
                .setCapturedAt(Instant.EPOCH)
                .setPredictedAt(Instant.EPOCH)
                .build());
  }

  /** The same PNG with a header that claims 60,000 x 60,000 pixels. */
  private static byte[] hugeHeader(byte[] png) {
    byte[] huge = png.clone();
    ByteBuffer.wrap(huge).putInt(16, 60_000).putInt(20, 60_000);
    return huge;
  }
}
