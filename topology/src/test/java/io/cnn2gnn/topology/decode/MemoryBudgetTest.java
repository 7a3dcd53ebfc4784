package io.cnn2gnn.topology.decode;

import static org.assertj.core.api.Assertions.assertThat;

import io.cnn2gnn.model.image.DecodeCost;
import io.cnn2gnn.model.image.DecoderChoice;
import io.cnn2gnn.topology.decode.MemoryBudget.Hold;
import org.junit.jupiter.api.Test;

class MemoryBudgetTest {
  private static final int MIB = 1 << 20;

  private final MemoryBudget budget = new MemoryBudget(10 * MIB);

  @Test
  void whatIsHeldIsGoneUntilItIsGivenBack() throws Exception {
    Hold most = budget.take(9 * MIB);
    assertThat(budget.tryTake(2 * MIB)).isEmpty();
    assertThat(budget.tryTake(MIB)).isPresent();
    most.close();
    assertThat(budget.tryTake(9 * MIB)).isPresent();
  }

  @Test
  void whatNeedsMoreThanAllOfItGetsAllOfIt() throws Exception {
    Hold all = budget.take(Long.MAX_VALUE);
    assertThat(budget.tryTake(1)).isEmpty();
    all.close();
    assertThat(budget.tryTake(10 * MIB)).isPresent();
  }

  @Test
  void aHeapWithoutRoomForAPictureSaysSoByItsLimit() {
    ImageLimits limits =
        ImageLimits.of(25_000_000, DecodeCost.unbounded(DecoderChoice.AUTO), 256L * MIB);
    assertThat(limits.maxPixels()).isBetween(6_000_000L, 7_000_000L);
    assertThat(ImageLimits.heapFor(25_000_000)).isBetween(950L * MIB, 960L * MIB);
    assertThat(limits.budget(Work.LIGHT)).isNotSameAs(limits.budget(Work.HEAVY));
  }
}
