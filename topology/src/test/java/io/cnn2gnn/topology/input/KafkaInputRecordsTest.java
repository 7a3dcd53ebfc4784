package io.cnn2gnn.topology.input;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cnn2gnn.topology.flow.Source;
import io.cnn2gnn.topology.heap.HeapFaults;
import io.cnn2gnn.topology.metrics.AppMetrics;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.LongStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.junit.jupiter.api.Test;

class KafkaInputRecordsTest {
  private static final TopicPartition AT = new TopicPartition("images", 2);

  private static MockConsumer<byte[], byte[]> topic(long begin, long end, long... present) {
    MockConsumer<byte[], byte[]> consumer = new MockConsumer<>("earliest");
    consumer.updateBeginningOffsets(Map.of(AT, begin));
    consumer.updateEndOffsets(Map.of(AT, end));
    consumer.schedulePollTask(
        () -> {
          for (long offset : present) {
            consumer.addRecord(
                new ConsumerRecord<>(
                    "images",
                    2,
                    offset,
                    offset == 4 ? -1 : 100 + offset,
                    TimestampType.CREATE_TIME,
                    0,
                    0,
                    new byte[] {1},
                    ("image " + offset).getBytes(StandardCharsets.UTF_8),
                    new RecordHeaders().add("h", new byte[] {9}),
                    Optional.empty()));
          }
        });
    return consumer;
  }

  private static List<Source> read(MockConsumer<byte[], byte[]> consumer, Long... offsets) {
    return new KafkaInputRecords(
            "images",
            () -> consumer,
            Duration.ofMillis(500),
            new HeapFaults(System::nanoTime, new AppMetrics(new SimpleMeterRegistry())))
        .read(2, List.of(offsets));
  }

  private static List<Long> offsets(List<Source> found) {
    return found.stream().map(Source::offset).toList();
  }

  private static long[] all(long begin, long end) {
    return LongStream.range(begin, end).toArray();
  }

  @Test
  void exactlyTheRecordsThatWaitedAreReadWhole() {
    List<Source> found = read(topic(0, 20, all(0, 20)), 3L, 4L, 9L, 17L);
    assertThat(offsets(found)).containsExactly(3L, 4L, 9L, 17L);
    Source source = found.get(0);
    assertThat(source.coordinates()).isEqualTo("images-2@3");
    assertThat(source.timestamp()).isEqualTo(103);
    assertThat(source.value().orElseThrow()).asString().isEqualTo("image 3");
    assertThat(source.headers().lastHeader("h").value()).containsExactly(9);
    assertThat(found.get(1).timestamp()).isEqualTo(-1);
  }

  @Test
  void offsetsThatFellWhereTheGroupWasSetBackAreFound() {
    assertThat(offsets(read(topic(0, 20, all(0, 20)), 15L, 16L, 2L))).containsExactly(2L, 15L, 16L);
  }

  @Test
  void whatRetentionTookIsNotAmongThem() {
    assertThat(offsets(read(topic(5, 10, all(5, 10)), 2L, 4L, 5L, 8L))).containsExactly(5L, 8L);
  }

  @Test
  void whatCompactionTookIsNotAmongThemAndNotWaitedFor() {
    assertThat(offsets(read(topic(0, 10, 0, 1, 5, 6, 9), 1L, 3L, 6L))).containsExactly(1L, 6L);
  }

  @Test
  void whatLiesBehindTheEndIsNotWaitedFor() {
    assertThat(offsets(read(topic(0, 5, all(0, 5)), 4L, 5L, 900L))).containsExactly(4L);
    assertThat(read(topic(7, 7), 2L, 900L)).isEmpty();
  }

  @Test
  void aBrokerThatGivesNothingIsNotTakenForATopicWithoutRecords() {
    assertThatThrownBy(() -> read(topic(0, 5), 3L)).isInstanceOf(TimeoutException.class);
  }
}
