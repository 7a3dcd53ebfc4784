package io.cnn2gnn.benchmarks.buffers;

import static org.assertj.core.api.Assertions.assertThat;

import io.cnn2gnn.topology.batching.PendingOffsets;
import io.cnn2gnn.topology.heap.HeapFaults;
import io.cnn2gnn.topology.input.KafkaInputRecords;
import io.cnn2gnn.topology.metrics.AppMetrics;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.TestInputTopic;
import org.apache.kafka.streams.TestOutputTopic;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.test.TestRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The batcher over each buffer, on Kafka's test driver. */
class BatcherTest {
  private static final Duration ALMOST = BufferTopology.MAX_WAIT.minusMillis(1);

  private static final class Rig implements AutoCloseable {
    private final AtomicLong nanos = new AtomicLong();
    private final TopologyTestDriver driver;
    private final TestInputTopic<byte[], byte[]> images;
    private final TestOutputTopic<byte[], byte[]> answers;

    Rig(Variant variant) {
      this(
          variant,
          () -> {
            throw new AssertionError("nothing was left over");
          });
    }

    Rig(Variant variant, Supplier<Consumer<byte[], byte[]>> consumers) {
      Properties properties = new Properties();
      properties.put(StreamsConfig.APPLICATION_ID_CONFIG, "run");
      properties.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, "unused:1");
      properties.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.EXACTLY_ONCE_V2);
      driver =
          new TopologyTestDriver(
              BufferTopology.of(
                  variant,
                  Input.TOPIC,
                  new KafkaInputRecords(
                      Input.TOPIC,
                      consumers,
                      Duration.ofSeconds(5),
                      new HeapFaults(System::nanoTime, new AppMetrics(new SimpleMeterRegistry()))),
                  "run-answers",
                  BufferTopology.MAX_WAIT,
                  nanos::get),
              properties,
              Instant.EPOCH);
      images =
          driver.createInputTopic(
              Input.TOPIC, new ByteArraySerializer(), new ByteArraySerializer());
      answers =
          driver.createOutputTopic(
              "run-answers", new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    void send(int from, int to) {
      IntStream.range(from, to)
          .forEach(id -> images.pipeInput(Answer.key(id), Input.value(id), Input.timestamp(id)));
    }

    void pass(Duration time) {
      nanos.addAndGet(time.toNanos());
      driver.advanceWallClockTime(time);
    }

    List<Long> answered() {
      return answers.readRecordsToList().stream()
          .filter(answer -> !Answer.isLost(answer.value()))
          .map(answer -> Answer.id(answer.key()))
          .toList();
    }

    /** What the store holds, as the offsets of images. */
    List<Long> stored(Variant variant) {
      if (variant == Variant.OFFSETS) {
        byte[] row = this.<Integer>store().get(OffsetsBuffer.ROW);
        return row == null ? List.of() : PendingOffsets.decode(row);
      }
      List<Long> offsets = new ArrayList<>();
      try (var rows = this.<Long>store().all()) {
        rows.forEachRemaining(row -> offsets.add(row.key));
      }
      return offsets;
    }

    /** Puts what a former life would have left at these offsets. */
    void leave(Variant variant, List<Long> offsets) {
      if (variant == Variant.OFFSETS) {
        this.<Integer>store().put(OffsetsBuffer.ROW, PendingOffsets.encode(offsets));
        return;
      }
      for (long offset : offsets) {
        Held image =
            new Held(offset, Input.timestamp(offset), Answer.key(offset), Input.value(offset));
        this.<Long>store().put(offset, image.encode());
      }
    }

    private <K> KeyValueStore<K, byte[]> store() {
      return driver.getKeyValueStore(BufferTopology.STORE);
    }

    @Override
    public void close() {
      driver.close();
    }
  }

  private static List<Long> ids(int from, int to) {
    return LongStream.range(from, to).boxed().toList();
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "DRAIN")
  void aBatchClosesByCount(Variant variant) {
    try (Rig rig = new Rig(variant)) {
      rig.send(0, BufferTopology.MAX_IMAGES - 1);
      assertThat(rig.answered()).isEmpty();
      rig.send(BufferTopology.MAX_IMAGES - 1, BufferTopology.MAX_IMAGES);
      assertThat(rig.answered()).isEqualTo(ids(0, BufferTopology.MAX_IMAGES));
    }
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "DRAIN")
  void aBatchClosesByTime(Variant variant) {
    try (Rig rig = new Rig(variant)) {
      rig.pass(Duration.ofSeconds(1));
      rig.send(0, 3);
      rig.pass(ALMOST);
      assertThat(rig.answered()).isEmpty();
      rig.pass(Duration.ofMillis(10));
      assertThat(rig.answered()).isEqualTo(ids(0, 3));
    }
  }

  /** The test driver commits after every record. */
  @Test
  void drainLeavesNothingOpenAtACommit() {
    try (Rig rig = new Rig(Variant.DRAIN)) {
      rig.send(0, 3);
      List<TestRecord<byte[], byte[]>> answers = rig.answers.readRecordsToList();
      assertThat(answers).extracting(a -> Answer.id(a.key())).containsExactly(0L, 1L, 2L);
      assertThat(answers).extracting(TestRecord::timestamp).containsExactly(1000L, 1001L, 1002L);
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"PAYLOAD", "PAYLOAD_CACHED", "OFFSETS"})
  void theStoreHoldsWhatIsOpenAndNoMore(Variant variant) {
    try (Rig rig = new Rig(variant)) {
      rig.send(0, 3);
      assertThat(rig.stored(variant)).isEqualTo(ids(0, 3));
      rig.pass(BufferTopology.MAX_WAIT);
      assertThat(rig.stored(variant)).isEmpty();
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"PAYLOAD", "PAYLOAD_CACHED", "OFFSETS"})
  void whatAFormerLifeLeftIsAnsweredOnceAndFirst(Variant variant) {
    try (Rig rig = new Rig(variant, () -> Input.of(0, 200))) {
      rig.leave(variant, List.of(100L, 101L, 105L));
      rig.send(0, 1);
      assertThat(rig.answered()).isEmpty();
      rig.pass(BufferTopology.MAX_WAIT);
      assertThat(rig.answered()).containsExactly(100L, 101L, 105L, 0L);
      assertThat(rig.stored(variant)).isEmpty();
      rig.pass(Duration.ofSeconds(1));
      assertThat(rig.answered()).isEmpty();
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"PAYLOAD", "PAYLOAD_CACHED", "OFFSETS"})
  void whatAFormerLifeLeftNeedsNoNewImage(Variant variant) {
    try (Rig rig = new Rig(variant, () -> Input.of(0, 200))) {
      rig.leave(variant, List.of(100L, 101L));
      rig.pass(Duration.ofMillis(10));
      assertThat(rig.answered()).isEmpty();
      rig.pass(BufferTopology.MAX_WAIT);
      assertThat(rig.answered()).containsExactly(100L, 101L);
    }
  }

  @Test
  void aRecordThatIsGoneIsReportedOnceAndTheOthersAnswered() {
    try (Rig rig = new Rig(Variant.OFFSETS, () -> Input.of(101, 200))) {
      rig.leave(Variant.OFFSETS, List.of(99L, 100L, 101L));
      rig.pass(Duration.ofMillis(10));
      List<TestRecord<byte[], byte[]>> reports = rig.answers.readRecordsToList();
      assertThat(reports).allMatch(report -> Answer.isLost(report.value()));
      assertThat(reports).extracting(r -> Answer.id(r.key())).containsExactly(99L, 100L);
      assertThat(rig.stored(Variant.OFFSETS)).containsExactly(101L);
      rig.pass(BufferTopology.MAX_WAIT);
      assertThat(rig.answered()).containsExactly(101L);
      assertThat(rig.answers.isEmpty()).isTrue();
    }
  }
}
