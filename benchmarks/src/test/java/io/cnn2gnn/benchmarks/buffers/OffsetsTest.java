package io.cnn2gnn.benchmarks.buffers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class OffsetsTest {
  private static void comesBack(List<Long> offsets) {
    assertThat(Offsets.decode(Offsets.encode(offsets))).isEqualTo(offsets);
  }

  @Test
  void offsetsComeBack() {
    comesBack(List.of());
    comesBack(List.of(0L));
    comesBack(List.of(0L, 1L, 127L, 128L, 129L, 16_511L, 16_512L, 1L << 35));
    comesBack(List.of(Long.MAX_VALUE - 1, Long.MAX_VALUE));
  }

  @Test
  void randomOffsetsComeBack() {
    Random random = new Random(1);
    for (int i = 0; i < 200; i++) {
      List<Long> offsets = new ArrayList<>();
      long offset = random.nextLong() >>> (8 + random.nextInt(55));
      for (int n = random.nextInt(100); n > 0; n--) {
        offsets.add(offset);
        offset += 1 + (random.nextLong() >>> (20 + random.nextInt(44)));
      }
      comesBack(offsets);
    }
  }

  @Test
  void aContiguousBatchTakesOneByteAnImage() {
    List<Long> batch = LongStream.range(1_000_000, 1_000_064).boxed().toList();
    assertThat(Offsets.encode(batch)).hasSize(3 + 63);
  }

  @Test
  void offsetsMayFall() {
    comesBack(List.of(100L, 101L, 0L, 1L, Long.MAX_VALUE, 3L, 3L));
  }

  @Test
  void aDamagedRowIsNamed() {
    byte[] endless = {-1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1};
    assertThatThrownBy(() -> Offsets.decode(endless))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("damaged");
  }
}
