package io.cnn2gnn.lab.bench;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import io.cnn2gnn.faults.RowResult;
import io.cnn2gnn.model.files.Json;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SwapReportTest {
  private static SwapReport report(List<Double> stalls, List<Double> batches) {
    Map<String, List<Double>> figures =
        Map.of(
            "stallMillis",
            stalls,
            "batchMillis",
            batches,
            "loadedSeconds",
            List.of(0.1),
            "keptSeconds",
            List.of(0.01));
    return new SwapReport(
        "On paper.",
        new RowResult(
            29, "swaps", 2, 5847, 5847, 0, 0, 0, 1, 1, List.of("calm"), figures, List.of(), ""));
  }

  @Test
  void aStallWithinABatchOfTheSameRoundsMeetsTheGoal() {
    assertThat(report(List.of(13.0, 11.0), List.of(15.0, 14.0)).tables())
        .contains("| P8 |")
        .contains("| at most 14.50 ms | 12.00 ms | 11.00 to 13.00 | met |")
        .contains("5,847 images, 0 lost, 0 doubled.")
        .contains("calm.");
  }

  @Test
  void aLongerOneMissesIt() {
    assertThat(report(List.of(16.0), List.of(15.0)).goals().get(0).verdict()).isEqualTo("missed");
  }

  @Test
  void itsRowIsWrittenAsThatOfTheFaultHarness() {
    JsonObject json = Json.object(report(List.of(13.0), List.of(15.0)).summary());
    assertThat(json.keySet()).containsExactly("description", "row", "goals");
    assertThat(json.getAsJsonObject("row").keySet())
        .containsExactly(
            "row",
            "name",
            "green",
            "rounds",
            "images",
            "predicted",
            "deadLettered",
            "lost",
            "duplicated",
            "recoverySeconds",
            "worstRecoverySeconds",
            "notes",
            "figures",
            "problems");
    assertThat(json.getAsJsonObject("row").getAsJsonObject("figures").keySet())
        .containsExactly("batchMillis", "keptSeconds", "loadedSeconds", "stallMillis");
  }
}
