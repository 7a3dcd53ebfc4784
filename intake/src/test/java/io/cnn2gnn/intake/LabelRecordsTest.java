package io.cnn2gnn.intake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cnn2gnn.schemas.avro.Label;
import io.cnn2gnn.schemas.avro.LabelKind;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class LabelRecordsTest {
  private static Label said(String label, String by) {
    return Label.newBuilder()
        .setImageId("a")
        .setLabel(label)
        .setLabelledBy(by)
        .setLabelledAt(Instant.EPOCH)
        .setKind(LabelKind.CORRECTION)
        .setComment(null)
        .setImage(null)
        .build();
  }

  private static void refuses(String label, String by, String reason) {
    assertThatThrownBy(() -> LabelRecords.of(said(label, by)))
        .isInstanceOfSatisfying(
            RecordRefusedException.class, e -> assertThat(e.reason()).isEqualTo(reason));
  }

  @Test
  void aClassMayHaveCharactersOfNoWidth() throws Exception {
    for (String name :
        new String[] {"می\u200cخواهم", "\ud83d\udc69\u200d\ud83d\ude92", "co\u00adop", "Bag"}) {
      assertThat(LabelRecords.of(said(name, "ann")).label()).contains(name);
    }
  }

  @Test
  void aClassThatBreaksLinesOrCannotBeSeenIsRefused() {
    for (String name :
        new String[] {
          "",
          " ",
          "\u200b",
          " \u200d\u2066",
          "a\nb",
          "\u001b[2J",
          "a\u2028b",
          "a\ud800",
          "x".repeat(513)
        }) {
      refuses(name, "ann", "INVALID_LABEL");
    }
  }

  @Test
  void whoLabelsIsSeenWhole() {
    for (String by : new String[] {"", " ", "an\u200bn", "b\u202eob", "x".repeat(513)}) {
      refuses("Bag", by, "INVALID_LABELLER");
    }
  }
}
