package io.cnn2gnn.benchmarks.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.assertj.core.api.Assertions.within;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.cnn2gnn.model.files.Json;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class PipelineReportTest {
  private static long second(double seconds) {
    return (long) (seconds * TimeUnit.SECONDS.toNanos(1));
  }

  @Test
  void theRateIsThatOfTheLaterHalfOfTheTime() {
    long[] nanos = {second(10), second(11), second(12), second(13), second(14)};
    int[] records = {5, 5, 5, 100, 300};
    assertThat(Output.perSecond(nanos, records)).isEqualTo(200, within(1e-6));
  }

  @Test
  void answersThatAllCameAtOnceHaveNoRate() {
    assertThat(Output.perSecond(new long[] {second(1)}, new int[] {500})).isNaN();
  }

  @Test
  void goalsAreJudgedByTheMedianOfTheRatiosWithinEachRound() {
    Map<Contestant, List<Double>> rates = new EnumMap<>(Contestant.class);
    rates.put(Contestant.SERVICE, List.of(100.0, 10.0, 90.0));
    rates.put(Contestant.POLL_LOOP, List.of(50.0, 20.0, 60.0));
    rates.put(Contestant.MEMORY, List.of(200.0, 20.0, 100.0));
    PipelineReport report = new PipelineReport("here", rates);
    assertThat(report.verdicts())
        .extracting(v -> v.ratio().name(), v -> v.measured(), v -> v.lowest(), v -> v.highest())
        .containsExactly(tuple("P1", 0.5, 0.5, 0.9), tuple("P3", 1.5, 0.5, 2.0));
    assertThat(report.tables())
        .contains("| P1 | end to end, exactly once, over the model in memory | 0.9 | 0.50 |")
        .contains("| missed |")
        .contains("| service | 90 | 10 | 100 |")
        .contains("| 1.50 | 0.50 to 2.00 | met |");
  }

  @Test
  void aRatioThatNothingIsWantedOfHasNoVerdict() {
    Map<Contestant, List<Double>> rates = new EnumMap<>(Contestant.class);
    rates.put(Contestant.SERVICE_WITHOUT_MODEL, List.of(60.0));
    rates.put(Contestant.JSON_WITHOUT_MODEL, List.of(10.0));
    rates.put(Contestant.MAP_VALUES_WITHOUT_MODEL, List.of(80.0));
    PipelineReport report = new PipelineReport("here", rates);
    assertThat(report.tables())
        .contains(
            "| P4 | over the ONNX Runtime adapter, both with a null model | 5.0 | 6.00"
                + " | 6.00 to 6.00 | met |")
        .contains("|  | over mapValues, both with a null model |  | 0.75 | 0.75 to 0.75 |  |");
    JsonObject json = Json.object(report.summary());
    assertThat(json.keySet())
        .containsExactly("description", "imagesPerSecond", "goals", "ratiosWithoutGoal");
    assertThat(json.get("goals"))
        .isEqualTo(JsonParser.parseString("{'P4': {'ratio': 6.0, 'goal': 5.0, 'met': true}}"));
    assertThat(json.get("ratiosWithoutGoal"))
        .isEqualTo(JsonParser.parseString("{'over mapValues, both with a null model': 0.75}"));
  }
}
