package io.cnn2gnn.topology.teaching;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;

class TierBoundsPropertyTest {
  private static final TeachingConfig CONFIG =
      new TeachingConfig(12, 5, 0.5, 4, false, 10, Duration.ofMinutes(1));

  private final LabelledTier tier = new LabelledTier();
  private final TierView view = new TierView(tier, () -> 0);
  private final TierBounds bounds = new TierBounds(CONFIG, view);

  /** What a task writes comes back to it some labels later. */
  @Test
  void whateverIsSaidAllBoundsHold() {
    Random random = new Random(7);
    for (int i = 0; i < 500; i++) {
      TaughtRow row =
          Rows.row(
              "image-" + random.nextInt(60), "c" + random.nextInt(4), "by" + random.nextInt(3));
      view.put(row);
      bounds.surplus(0).forEach(gone -> view.remove(gone.row().image()));

      assertThat(view.size()).isLessThanOrEqualTo(12).isEqualTo((int) view.all().count());
      for (int c = 0; c < 4; c++) {
        assertThat(view.countsOfClasses().getOrDefault("c" + c, 0))
            .isLessThanOrEqualTo(5)
            .isEqualTo((int) view.ofClass("c" + c).count());
        assertThat(view.countsOfLabellers().getOrDefault("by" + c, 0)).isLessThanOrEqualTo(6);
      }
      if (random.nextInt(10) == 0) {
        readBack();
      }
    }
  }

  private void readBack() {
    List<TaughtRow> all = view.all().toList();
    List<ConsumerRecord<byte[], byte[]>> gone = new ArrayList<>();
    tier.rows().rows().forEach(r -> gone.add(Rows.record(tier.rows().epoch(), r.image(), null)));
    tier.apply(gone);
    Rows.apply(tier, all.toArray(TaughtRow[]::new));
    view.refresh();
  }

  @Test
  void oneSourceMayNotBringAllNewClasses() {
    Rows.apply(tier, Rows.row("a", "new", "ann"));
    view.refresh();

    assertThat(bounds.objection("b", "other", "source-of-ann", Set.of("x"))).isPresent();
    assertThat(bounds.objection("b", "other", "source-of-bob", Set.of("x"))).isEmpty();
    assertThat(bounds.objection("b", "new", "source-of-ann", Set.of("x"))).isEmpty();
    assertThat(bounds.objection("b", "x", "source-of-ann", Set.of("x"))).isEmpty();
    assertThat(bounds.objection("a", "renamed", "source-of-ann", Set.of("x"))).isEmpty();
  }

  @Test
  void noMoreNewClassesThanConfiguredComeFromAll() {
    for (int i = 0; i < 4; i++) {
      Rows.apply(tier, Rows.row("i" + i, "new" + i, "by" + i));
    }
    view.refresh();

    assertThat(bounds.objection("b", "more", "source-of-eve", Set.of()))
        .hasValueSatisfying(why -> assertThat(why).contains("4 classes"));
  }
}
