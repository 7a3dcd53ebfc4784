package io.cnn2gnn.topology.teaching;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cnn2gnn.model.label.LabelledRow;
import io.cnn2gnn.topology.flow.Source;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.Optional;
import java.util.Random;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.junit.jupiter.api.Test;

class RowCodecTest {
  private static final RecentAnswer ANSWER =
      new RecentAnswer(3, "image", 9, "label", "own", "m:1", true, "space", new float[] {1, -2});

  @Test
  void rowsAreReadAsTheyWereWritten() {
    TaughtRow row = Rows.row("image ü", "label", "ann");
    assertThat(TaughtRow.decode(row.encode())).isEqualTo(row);
    assertThat(RecentAnswer.decode(ANSWER.encode())).isEqualTo(ANSWER);

    RecordHeaders headers = new RecordHeaders();
    headers.add("trace", new byte[] {1}).add("none", null);
    WaitingLabels.Entry entry =
        new WaitingLabels.Entry(
            new Source("labels", 1, 2, 3, Optional.empty(), Optional.of(new byte[] {4}), headers),
            5);
    WaitingLabels.Entry read = WaitingLabels.Entry.decode(entry.encode());
    assertThat(read.source().headers()).isEqualTo(headers);
    assertThat(read.source().key()).isEmpty();
    assertThat(read.source().value().orElseThrow()).containsExactly(4);
    assertThat(read.since()).isEqualTo(5);
  }

  @Test
  void whatEarlierBuildsWroteIsReadAndSaysNothingOfTheModel() throws Exception {
    byte[] answer =
        bytes(
            out -> {
              out.writeByte(1);
              out.writeLong(3);
              out.writeUTF("image");
              out.writeLong(9);
              out.writeUTF("label");
              out.writeUTF("m:1");
              out.writeBoolean(true);
              out.writeUTF("space");
              TaughtRow.Floats.write(out, new float[] {1, -2});
            });
    assertThat(RecentAnswer.decode(answer))
        .isEqualTo(
            new RecentAnswer(
                3, "image", 9, "label", "label", "m:1", true, "space", new float[] {1, -2}));
    byte[] row =
        bytes(
            out -> {
              out.writeByte(1);
              out.writeUTF("image");
              out.writeUTF("source");
              out.writeUTF("id");
              out.writeUTF("label");
              out.writeUTF("space");
              out.writeInt(1);
              out.write(7);
              out.writeUTF("ann");
              out.writeUTF("images");
              out.writeInt(0);
              out.writeLong(4);
              out.writeInt(2);
              out.writeBoolean(false);
              TaughtRow.Floats.write(out, new float[] {1});
            });
    assertThat(TaughtRow.decode(row).row())
        .isEqualTo(
            new LabelledRow(
                "image",
                "source",
                "id",
                "label",
                "space",
                new float[] {1},
                LabelledRow.Own.UNKNOWN));
    assertThat(TaughtRow.decode(row).owner()).isEqualTo(2);
  }

  private interface Writing {
    void to(DataOutputStream out) throws IOException;
  }

  private static byte[] bytes(Writing writing) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    writing.to(new DataOutputStream(bytes));
    return bytes.toByteArray();
  }

  @Test
  void whatALaterBuildWroteIsRefused() {
    byte[] answer = ANSWER.encode();
    answer[0]++;
    assertThatThrownBy(() -> RecentAnswer.decode(answer)).hasMessageContaining("version 3");
    byte[] row = Rows.row("image", "label", "ann").encode();
    row[0]++;
    assertThatThrownBy(() -> TaughtRow.decode(row)).hasMessageContaining("version 3");
  }

  @Test
  void damagedRowsAreRefusedAndNothingElseIsThrown() {
    Random random = new Random(1);
    byte[] taught = Rows.row("image", "label", "ann").encode();
    for (int round = 0; round < 5000; round++) {
      byte[] bad = Arrays.copyOf(taught, random.nextInt(taught.length));
      if (bad.length > 0) {
        bad[random.nextInt(bad.length)] ^= (byte) (1 + random.nextInt(255));
      }
      assertThatThrownBy(() -> TaughtRow.decode(bad)).isInstanceOf(UncheckedIOException.class);
    }
  }

  @Test
  void aVectorThatIsNotFiniteIsRefused() {
    byte[] bytes =
        new RecentAnswer(3, "i", 9, "l", "o", "m", true, "s", new float[] {Float.NaN}).encode();
    assertThatThrownBy(() -> RecentAnswer.decode(bytes)).hasMessageContaining("not finite");
  }
}
