package io.cnn2gnn.topology.bank;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cnn2gnn.model.inference.BankRow;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import org.junit.jupiter.api.Test;

class StoredRowTest {
  private static final float[] VALUES = {1, -2.5f, 3};

  @Test
  void comesBackAsItWasWrittenWithWhetherItsLabelIsKnown() {
    for (boolean known : new boolean[] {true, false}) {
      StoredRow row =
          new StoredRow(7, "space", new BankRow("id-ü", "cat", known, VALUES, "image", "source"));
      assertThat(StoredRow.decode(row.encode())).isEqualTo(row);
    }
  }

  private static byte[] versioned(int version) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      out.writeByte(version);
      out.writeLong(7);
      out.writeUTF("space");
      out.writeUTF("id");
      out.writeUTF("cat");
      if (version > 1) {
        out.writeBoolean(true);
      }
      if (version > 2) {
        out.writeUTF("image");
      }
      out.writeInt(VALUES.length);
      for (float v : VALUES) {
        out.writeFloat(v);
      }
    }
    return bytes.toByteArray();
  }

  @Test
  void rowsOfTheFirstVersionAreReadWithTheirLabelNotTakenAsKnown() throws IOException {
    assertThat(StoredRow.decode(versioned(1)))
        .isEqualTo(new StoredRow(7, "space", new BankRow("id", "cat", false, VALUES)));
  }

  @Test
  void rowsOfTheSecondVersionAreReadWithoutTheirImagesName() throws IOException {
    assertThat(StoredRow.decode(versioned(2)))
        .isEqualTo(new StoredRow(7, "space", new BankRow("id", "cat", true, VALUES)));
  }

  @Test
  void rowsOfTheThirdVersionAreReadWithoutTheirSource() throws IOException {
    assertThat(StoredRow.decode(versioned(3)))
        .isEqualTo(new StoredRow(7, "space", new BankRow("id", "cat", true, VALUES, "image", "")));
  }

  @Test
  void rowsOfALaterVersionAreRefusedByNumber() {
    assertThatThrownBy(() -> StoredRow.decode(versioned(5)))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContainingAll("version 5", "up to 4");
  }
}
