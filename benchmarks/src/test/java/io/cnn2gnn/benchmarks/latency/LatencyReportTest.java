package io.cnn2gnn.benchmarks.latency;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.cnn2gnn.benchmarks.goal.Limit;
import io.cnn2gnn.benchmarks.goal.Spread;
import io.cnn2gnn.model.files.Json;
import java.util.List;
import java.util.Set;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class LatencyReportTest {
  private static Load load(double p99, double batch) {
    return new Load(1000, 20, 50, p99, 200, batch, 60, 0.1);
  }

  @Test
  void aLoadIsInMilliseconds() {
    long[] latencies = LongStream.rangeClosed(1, 101).map(millis -> millis * 1_000_000).toArray();
    Load load = Load.of(10, latencies, new long[] {500_000}, 4, 8);
    assertThat(load).isEqualTo(new Load(10, 51, 91, 100, 101, 4, 8, 0.5));
    assertThat(load.bound(50)).isEqualTo(58);
  }

  @Test
  void theGoalIsLingerAndTwoBatchTimesOfTheMedianRound() {
    LatencyReport report =
        new LatencyReport(
            "here",
            50,
            List.of(2000.0, 2100.0, 1900.0),
            List.of(load(60, 4), load(90, 6), load(61, 5)),
            List.of(load(55, 2)),
            List.of(load(40, Double.NaN), load(42, Double.NaN)));
    assertThat(report.goals())
        .first()
        .satisfies(
            goal -> {
              assertThat(goal.limit()).contains(Limit.atMost(60));
              assertThat(goal.measured()).isEqualTo(new Spread(61, 60, 90));
              assertThat(goal.verdict()).isEqualTo("missed");
            });
    assertThat(report.tables())
        .contains("Saturation: 2,000 images/s (1,900 to 2,100)")
        .contains("| half | 1,000 | 20.0 | 50.0 | 61.0 | 200.0 | 5.0 | 60.0 | 60.0 | 0.1 |")
        .contains("| half, consumer loop | 1,000 | 20.0 | 50.0 | 41.0 | 200.0 |  | 60.0 |  | 0.1 |")
        .contains("| P6 |")
        .contains("| at most 60.00 ms | 61.00 ms | 60.00 to 90.00 | missed |");
    assertThat(report.goals().get(1).measured()).isEqualTo(new Spread(41, 40, 42));
    JsonObject json = Json.object(report.summary());
    assertThat(json.keySet())
        .containsExactly(
            "description", "lingerMillis", "saturationPerSecond", "half", "tenth", "loop", "goals");
    assertThat(keysOfTheFirst(json.getAsJsonArray("half")))
        .containsExactly(
            "imagesPerSecond",
            "p50Millis",
            "p90Millis",
            "p99Millis",
            "maxMillis",
            "batchMillis",
            "batchImages",
            "boundMillis",
            "senderLateP99Millis");
    assertThat(keysOfTheFirst(json.getAsJsonArray("loop")))
        .as("of a loop, whose batches nobody counts")
        .containsExactly(
            "imagesPerSecond",
            "p50Millis",
            "p90Millis",
            "p99Millis",
            "maxMillis",
            "senderLateP99Millis");
  }

  private static Set<String> keysOfTheFirst(JsonArray objects) {
    return objects.get(0).getAsJsonObject().keySet();
  }
}
