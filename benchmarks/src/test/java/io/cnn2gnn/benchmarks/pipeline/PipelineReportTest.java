package io.cnn2gnn.benchmarks.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.assertj.core.api.Assertions.within;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.cnn2gnn.model.files.Json;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class PipelineReportTest {
  private static long second(double seconds) {
    return (long) (seconds * TimeUnit.SECONDS.toNanos(1));
  }

  /** Nine tenths of a processor for each contestant, and a tenth for the broker. */
  private static List<Rate> rates(double... perSecond) {
    return Arrays.stream(perSecond).mapToObj(r -> new Rate(r, 0.9e6 / r, 0.1e6 / r)).toList();
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
    Map<Contestant, List<Rate>> rates = new EnumMap<>(Contestant.class);
    rates.put(Contestant.SERVICE, rates(100, 10, 90));
    rates.put(Contestant.POLL_LOOP, rates(50, 20, 60));
    rates.put(Contestant.MEMORY, rates(200, 20, 100));
    PipelineReport report = new PipelineReport("here", rates);
    assertThat(report.verdicts())
        .extracting(
            v -> v.ratio().name(),
            v -> v.processor().median(),
            v -> v.clock().lowest(),
            v -> v.clock().highest())
        .containsExactly(tuple("P1", 0.5, 0.5, 0.9), tuple("P3", 1.5, 0.5, 2.0));
    assertThat(report.tables())
        .contains("| P1 | end to end, exactly once, over the model in memory | 0.9 | 0.50 |")
        .contains("| missed |")
        .contains("| service | 90 | 10 | 100 | 10,000 | 1,111 |")
        .contains("| 1.50 | 0.50 to 2.00 | met | 1.50, 0.50 to 2.00 |");
  }

  @Test
  void aRatioThatNothingIsWantedOfHasNoVerdict() {
    Map<Contestant, List<Rate>> rates = new EnumMap<>(Contestant.class);
    rates.put(Contestant.SERVICE_WITHOUT_MODEL, rates(60));
    rates.put(Contestant.SERVICE_ON_SAMPLES, rates(60));
    rates.put(Contestant.JSON_WITHOUT_MODEL, rates(10));
    rates.put(Contestant.MAP_VALUES_WITHOUT_MODEL, rates(80));
    PipelineReport report = new PipelineReport("here", rates);
    assertThat(report.tables())
        .contains(
            "| P4 | over the ONNX Runtime adapter, both from decoded samples and with a null model"
                + " | 5.0 | 6.00 | 6.00 to 6.00 | met | 6.00, 6.00 to 6.00 |")
        .contains(
            "|  | over mapValues, both with a null model |  | 0.75 | 0.75 to 0.75 |  | 0.75,");
    JsonObject json = Json.object(report.summary());
    assertThat(json.keySet()).containsExactly("description", "rates", "goals", "ratiosWithoutGoal");
    assertThat(json.get("goals"))
        .isEqualTo(JsonParser.parseString("{'P4': {'ratio': 6.0, 'goal': 5.0, 'met': true}}"));
    assertThat(json.get("ratiosWithoutGoal"))
        .isEqualTo(
            JsonParser.parseString(
                """
                {'over that adapter with a null model, which gets decoded samples where we decode a PNG': 6.0,
                 'over mapValues, both with a null model': 0.75}
                """));
  }
}
