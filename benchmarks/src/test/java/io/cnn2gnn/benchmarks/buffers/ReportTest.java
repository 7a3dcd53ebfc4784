package io.cnn2gnn.benchmarks.buffers;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonParser;
import io.cnn2gnn.model.files.Json;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ReportTest {
  private static final BuffersBenchmark.Options OPTIONS =
      new BuffersBenchmark.Options(List.of(3072), 100, 3, 2, 1);

  private static Sample sample(Variant variant, int repeat, double perSecond) {
    return new Sample(variant, 3072, Regime.FLOOD, repeat, 100, 12.5, 0.4, perSecond, 10, 20);
  }

  @Test
  void ratiosAreTakenWithinARepeatBeforeTheirMedian() {
    List<Sample> samples = new ArrayList<>();
    double[] heap = {100, 10, 50};
    double[] offsets = {90, 9, 10};
    for (int repeat = 0; repeat < 3; repeat++) {
      samples.add(sample(Variant.HEAP, repeat, heap[repeat]));
      samples.add(sample(Variant.OFFSETS, repeat, offsets[repeat]));
    }
    Report report = Report.of(OPTIONS, samples, List.of());
    Report.Row row = report.rows().get(0);
    assertThat(row.variant()).isEqualTo(Variant.OFFSETS);
    assertThat(row.imagesPerSecond()).isEqualTo(10);
    assertThat(row.ratioToHeap()).isEqualTo(0.9);
    assertThat(
            Json.object(report.summary())
                .getAsJsonArray("buffers")
                .get(0)
                .getAsJsonObject()
                .keySet())
        .as("of a flood, whose latencies say nothing")
        .containsExactly(
            "variant",
            "size",
            "regime",
            "images",
            "changelogBytesPerImage",
            "percentOfInput",
            "imagesPerSecond",
            "ratioToHeap");
    assertThat(report.tables())
        .contains("100 values of 3,072 bytes", "| `offsets` | 12.5 | 0.40 % | 10 | 0.90 |");
  }

  @Test
  void killsAreSummedPerVariant() {
    Report report =
        Report.of(
            OPTIONS,
            List.of(),
            List.of(
                new Kill(Variant.HEAP, 100, 7, 0, 0, 3), new Kill(Variant.HEAP, 100, 0, 1, 0, 4)));
    assertThat(Json.object(report.summary()).get("kills"))
        .isEqualTo(
            JsonParser.parseString(
                """
                [{"variant": "heap", "kills": 2, "images": 200, "lost": 7, "killsWithLoss": 1,
                  "duplicated": 1, "reportedLost": 0, "recoverySeconds": 3.5}]
                """));
    assertThat(report.tables()).contains("| `heap` | 2 | 200 | 7 | 1 | 1 | 3.5 |");
  }
}
