package io.cnn2gnn.lab.faults;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.cnn2gnn.lab.Main;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The rows of the fault harness that take seconds, on real processes. */
class FaultsCommandRunTest {
  @TempDir private Path folder;

  @Test
  void theFastRowsOfTheFaultHarnessAreGreen() throws Exception {
    Path summary = folder.resolve("summary.json");
    int code =
        Main.run(
            false,
            "faults",
            "--fast",
            "--rounds",
            "1",
            "--work",
            folder.resolve("work").toString(),
            "--summary",
            summary.toString());
    JsonArray rows = JsonParser.parseString(Files.readString(summary)).getAsJsonArray();
    assertThat(rows).hasSize(23);
    for (JsonElement element : rows) {
      JsonObject row = element.getAsJsonObject();
      assertThat(row.get("green").getAsBoolean()).as(row.toString()).isTrue();
      assertThat(row.get("images").getAsInt())
          .as(row.toString())
          .isPositive()
          .isEqualTo(row.get("predicted").getAsInt() + row.get("deadLettered").getAsInt());
    }
    assertThat(code).isZero();
  }

  @Test
  void aRowThatDoesNotExistIsNamed() {
    assertThat(Main.run(false, "faults", "--row", "99")).isEqualTo(1);
  }
}
