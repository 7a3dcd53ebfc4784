package io.cnn2gnn.topology.teaching;

import static org.assertj.core.api.Assertions.assertThat;

import io.cnn2gnn.intake.LabelRecord.Coordinates;
import io.cnn2gnn.model.label.LabelledRow;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;

class TierBoundsTest {
  private static final TeachingConfig CONFIG =
      new TeachingConfig(10, 6, 0.5, 4, false, 16, Duration.ofMinutes(1));

  private final LabelledTier tier = new LabelledTier();
  private final TierView view = new TierView(tier, () -> 0);
  private long next;

  private static TaughtRow row(String image, String label, String by, int owner) {
    return new TaughtRow(
        new LabelledRow(
            image, "source", image, label, "space", new float[] {1}, LabelledRow.Own.UNKNOWN),
        Optional.empty(),
        by,
        new Coordinates("images", owner, 0),
        owner,
        Optional.of(new Coordinates("labels", owner, 0)));
  }

  private void said(TaughtRow row) {
    byte[] image = row.row().image().getBytes(StandardCharsets.UTF_8);
    tier.apply(List.of(new ConsumerRecord<>("tier", 0, next++, image, row.encode())));
  }

  private List<String> surplus(int owner) {
    TierView seen = new TierView(tier, () -> 0);
    seen.refresh();
    return images(new TierBounds(CONFIG, seen).surplus(owner));
  }

  private static List<String> images(List<TaughtRow> rows) {
    return rows.stream().map(row -> row.row().image()).toList();
  }

  @Test
  void eachTaskRemovesItsOwnOfTheRowsThatAreTooMany() {
    for (int i = 0; i < 14; i++) {
      said(row("image-" + i, "class " + i % 3, "person " + i % 7, i % 2));
    }
    List<String> gone = new ArrayList<>(surplus(0));
    gone.addAll(surplus(1));

    assertThat(gone)
        .containsExactlyInAnyOrder("image-0", "image-1", "image-2", "image-3")
        .hasSize(14 - CONFIG.capacity());
    assertThat(surplus(2)).isEmpty();
  }

  @Test
  void whoHasMoreThanHisShareLosesHisOldest() {
    said(row("other", "a", "bob", 0));
    for (int i = 0; i < 7; i++) {
      said(row("image-" + i, "class " + i % 2, "ann", 0));
    }

    assertThat(surplus(0)).containsExactly("image-0", "image-1");
  }

  @Test
  void aClassThatIsTooLargeLosesTheOldestOfWhoHasTheMostOfIt() {
    said(row("other", "class", "bob", 0));
    for (int i = 0; i < 4; i++) {
      said(row("ann-" + i, "class", "ann", 0));
    }
    for (int i = 0; i < 3; i++) {
      said(row("carol-" + i, "class", "carol", 0));
    }

    assertThat(surplus(0)).containsExactly("ann-0", "ann-1");
  }

  @Test
  void rowsThatWereNotReadBackYetCountToo() {
    for (int i = 0; i < 10; i++) {
      said(row("image-" + i, "class " + i % 5, "person " + i % 5, 0));
    }
    view.refresh();
    TierBounds bounds = new TierBounds(CONFIG, view);
    assertThat(bounds.surplus(0)).isEmpty();

    view.put(row("one more", "class 5", "person 0", 0));
    List<TaughtRow> surplus = bounds.surplus(0);
    assertThat(images(surplus)).containsExactly("image-0");
    view.remove("image-0");
    assertThat(bounds.surplus(0)).isEmpty();
  }
}
