package io.cnn2gnn.topology.teaching;

import static org.assertj.core.api.Assertions.assertThat;

import io.cnn2gnn.intake.LabelRecord.Coordinates;
import io.cnn2gnn.model.label.LabelledRow;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;

class TierViewTest {
  private static final int CHANGES = 3000;

  private final Random random = new Random(1);
  private final LabelledTier tier = new LabelledTier();
  private final TierView view = new TierView(tier, () -> 0);

  /** What the tier is once all of it has been read. */
  private final Map<String, TaughtRow> truth = new LinkedHashMap<>();

  private final List<ConsumerRecord<byte[], byte[]>> unread = new ArrayList<>();

  @Test
  void aTaskSeesItsOwnChangesAtOnceHoweverFarTheyHaveBeenReadBack() {
    for (int i = 0; i < CHANGES; i++) {
      change(i);
      if (random.nextInt(10) == 0) {
        List<ConsumerRecord<byte[], byte[]>> read =
            unread.subList(0, random.nextInt(unread.size() + 1));
        tier.apply(List.copyOf(read));
        read.clear();
        view.refresh();
      }
      assertThat(view.size()).isEqualTo(truth.size());
      assertSame(view.countsOfClasses(), row -> row.row().label());
      assertSame(view.countsOfLabellers(), TaughtRow::labelledBy);
      assertThat(view.all()).containsExactlyInAnyOrderElementsOf(truth.values());
      assertThat(view.ofClass("class 1"))
          .containsExactlyInAnyOrderElementsOf(
              truth.values().stream().filter(r -> r.row().label().equals("class 1")).toList());
    }
  }

  private void change(int number) {
    String image = "image " + random.nextInt(40);
    byte[] key = image.getBytes(StandardCharsets.UTF_8);
    truth.remove(image);
    // What was said and taken back between two looks may be seen once more.
    boolean isRead = unread.stream().noneMatch(record -> Arrays.equals(record.key(), key));
    if (isRead && random.nextInt(4) == 0) {
      view.remove(image);
      unread.add(new ConsumerRecord<>("labelled", 0, number, key, null));
      return;
    }
    Coordinates at = new Coordinates("labels", 0, number);
    TaughtRow row =
        new TaughtRow(
            new LabelledRow(
                image,
                "",
                image,
                "class " + random.nextInt(5),
                "space",
                new float[] {1},
                LabelledRow.Own.UNKNOWN),
            Optional.empty(),
            "person " + random.nextInt(3),
            at,
            0,
            Optional.of(at));
    truth.put(image, row);
    view.put(row);
    unread.add(new ConsumerRecord<>("labelled", 0, number, key, row.encode()));
  }

  private void assertSame(Map<String, Integer> counts, Function<TaughtRow, String> name) {
    Map<String, Integer> some = new HashMap<>(counts);
    some.values().removeIf(count -> count == 0);
    assertThat(some)
        .isEqualTo(
            truth.values().stream()
                .collect(Collectors.groupingBy(name, Collectors.summingInt(row -> 1))));
  }
}
