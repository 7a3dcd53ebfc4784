package io.cnn2gnn.topology.teaching;

import static org.assertj.core.api.Assertions.assertThat;

import io.cnn2gnn.model.label.LabelledRow;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;

class LabelledTierTest {
  private final LabelledTier tier = new LabelledTier();

  @Test
  void anImageThatIsLabelledAgainIsTheNewest() {
    Rows.apply(tier, Rows.row("a", "x", "ann"), Rows.row("b", "x", "ann"));
    Rows.apply(tier, Rows.row("a", "y", "ann"));

    assertThat(tier.rows().rows()).extracting(LabelledRow::image).containsExactly("b", "a");
    assertThat(tier.rows().epoch()).isEqualTo(3);
  }

  @Test
  void aRecordThatIsNoRowTakesAwayTheOneBefore() {
    Rows.apply(tier, Rows.row("a", "x", "ann"), Rows.row("b", "x", "ann"));
    tier.apply(List.of(Rows.record(2, "a", null), Rows.record(3, "b", new byte[] {9, 9})));

    assertThat(tier.rows().rows()).isEmpty();
    assertThat(tier.rows().epoch()).isEqualTo(4);
  }

  @Test
  void aCompactedTopicGivesTheSameState() {
    Random random = new Random(5);
    List<ConsumerRecord<byte[], byte[]>> all = new ArrayList<>();
    Map<String, ConsumerRecord<byte[], byte[]>> compacted = new LinkedHashMap<>();
    for (int i = 0; i < 300; i++) {
      String image = "image-" + random.nextInt(40);
      byte[] value =
          random.nextInt(4) == 0 ? null : Rows.row(image, "c" + random.nextInt(5), "ann").encode();
      ConsumerRecord<byte[], byte[]> record = Rows.record(i, image, value);
      all.add(record);
      compacted.remove(image);
      compacted.put(image, record);
    }
    tier.apply(all.subList(0, 150));
    tier.apply(all.subList(150, 300));
    LabelledTier later = new LabelledTier();
    later.apply(compacted.values());

    assertThat(later.rows()).isEqualTo(tier.rows());
  }
}
