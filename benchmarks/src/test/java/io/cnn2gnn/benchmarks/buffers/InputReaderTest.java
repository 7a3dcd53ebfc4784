package io.cnn2gnn.benchmarks.buffers;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.junit.jupiter.api.Test;

class InputReaderTest {
  private static LeftOver read(MockConsumer<byte[], byte[]> consumer, List<Long> offsets) {
    return new InputReader(Input.TOPIC, () -> consumer).read(Input.PARTITION, offsets);
  }

  private static List<Long> found(LeftOver leftOver) {
    return leftOver.images().stream().map(Held::offset).toList();
  }

  @Test
  void exactlyTheRecordsThatWaitedAreRead() {
    LeftOver leftOver = read(Input.of(0, 20), List.of(3L, 4L, 5L, 9L, 17L));
    assertThat(found(leftOver)).containsExactly(3L, 4L, 5L, 9L, 17L);
    assertThat(leftOver.lost()).isEmpty();
    Held image = leftOver.images().get(3);
    assertThat(image.key()).isEqualTo(Answer.key(9));
    assertThat(image.value()).isEqualTo(Input.value(9));
    assertThat(image.timestamp()).isEqualTo(Input.timestamp(9));
  }

  @Test
  void whatRetentionTookIsLost() {
    LeftOver leftOver = read(Input.of(5, 10), List.of(2L, 4L, 5L, 8L));
    assertThat(leftOver.lost()).containsExactly(2L, 4L);
    assertThat(found(leftOver)).containsExactly(5L, 8L);
  }

  @Test
  void whatLiesBehindTheEndIsLostAndNotWaitedFor() {
    LeftOver leftOver = read(Input.of(0, 5), List.of(4L, 5L, 900L));
    assertThat(found(leftOver)).containsExactly(4L);
    assertThat(leftOver.lost()).containsExactly(5L, 900L);
  }

  @Test
  void anEmptyTopicHasLostAll() {
    LeftOver leftOver = read(Input.of(7, 7), List.of(2L, 6L));
    assertThat(leftOver.images()).isEmpty();
    assertThat(leftOver.lost()).containsExactly(2L, 6L);
  }

  @Test
  void nothingToReadAsksNobody() {
    InputReader reader =
        new InputReader(
            Input.TOPIC,
            () -> {
              throw new AssertionError("no consumer is needed");
            });
    assertThat(reader.read(Input.PARTITION, List.of())).isEqualTo(LeftOver.NOTHING);
  }
}
