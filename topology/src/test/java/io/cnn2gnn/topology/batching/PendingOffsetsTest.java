package io.cnn2gnn.topology.batching;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class PendingOffsetsTest {
  @Test
  void readsWhatItWrote() {
    Random random = new Random(1);
    for (int round = 0; round < 200; round++) {
      List<Long> offsets =
          random
              .longs(random.nextInt(100), 0, 1L << (1 + random.nextInt(61)))
              .sorted()
              .boxed()
              .toList();
      assertThat(PendingOffsets.decode(PendingOffsets.encode(offsets))).isEqualTo(offsets);
    }
    List<Long> extremes = List.of(0L, Long.MAX_VALUE);
    assertThat(PendingOffsets.decode(PendingOffsets.encode(extremes))).isEqualTo(extremes);
  }

  @Test
  void aFullBatchCostsAByteAnImage() {
    List<Long> batch = LongStream.range(1_000_000_000, 1_000_000_064).boxed().toList();
    assertThat(PendingOffsets.encode(batch)).hasSizeLessThan(64 + 10);
  }

  @Test
  void offsetsMayFallWhereTheGroupWasSetBack() {
    List<Long> fallen = List.of(100L, 101L, 50L, 51L, 0L);
    assertThat(PendingOffsets.decode(PendingOffsets.encode(fallen))).isEqualTo(fallen);
  }

  @Test
  void namesADamagedRowAndALaterVersion() {
    byte[] row = PendingOffsets.encode(List.of(1L, 2L, 3L));
    assertThatThrownBy(() -> PendingOffsets.decode(Arrays.copyOf(row, row.length - 1)))
        .isInstanceOf(UncheckedIOException.class)
        .hasMessageContaining("damaged");
    row[0] = 9;
    assertThatThrownBy(() -> PendingOffsets.decode(row)).hasMessageContaining("version 9");
  }
}
