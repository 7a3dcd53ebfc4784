package io.cnn2gnn.benchmarks.goal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.gson.JsonParser;
import com.google.gson.JsonPrimitive;
import io.cnn2gnn.model.files.Json;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class GoalResultTest {
  private static GoalResult result(String goal, Optional<Limit> limit, double measured) {
    return new GoalResult(goal, "what", limit, "ms", new Spread(measured, measured, measured));
  }

  @Test
  void aSpreadHasTheMiddleOfItsRounds() {
    assertThat(Spread.of(List.of(3.0, 1.0, 2.0))).isEqualTo(new Spread(2, 1, 3));
    assertThat(Spread.of(List.of(4.0, 1.0))).isEqualTo(new Spread(2.5, 1, 4));
    assertThatThrownBy(() -> Spread.of(List.of())).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void aLimitIsKeptAtItsValueAndOnItsSide() {
    assertThat(result("P", Optional.of(Limit.atMost(5)), 5).verdict()).isEqualTo("met");
    assertThat(result("P", Optional.of(Limit.atMost(5)), 5.1).verdict()).isEqualTo("missed");
    assertThat(result("P", Optional.of(Limit.atLeast(5)), 5).verdict()).isEqualTo("met");
    assertThat(result("P", Optional.of(Limit.atLeast(5)), 4.9).verdict()).isEqualTo("missed");
  }

  @Test
  void whatCouldNotBeMeasuredMissesItsGoal() {
    assertThat(result("P", Optional.of(Limit.atMost(5)), Double.NaN).verdict()).isEqualTo("missed");
  }

  @Test
  void aFigureWithoutALimitHasNoVerdict() {
    GoalResult figure = result("P7", Optional.empty(), 1234);
    assertThat(figure.row()).isEqualTo("| P7 | what |  | 1,234 ms | 1,234 to 1,234 |  |\n");
    assertThat(Json.object(figure.summary()).keySet())
        .containsExactly("goal", "title", "unit", "measured", "lowest", "highest");
  }

  @Test
  void aResultIsWrittenWithTheSideOfItsLimit() {
    assertThat(Json.object(result("P6", Optional.of(Limit.atMost(5)), 6).summary()))
        .isEqualTo(
            JsonParser.parseString(
                """
                {"goal": "P6", "title": "what", "atMost": 5.0, "unit": "ms",
                 "measured": 6.0, "lowest": 6.0, "highest": 6.0, "met": false}
                """));
    assertThat(Json.object(result("P9", Optional.of(Limit.atLeast(5)), 6).summary()).asMap())
        .containsKey("atLeast")
        .doesNotContainKey("atMost")
        .containsEntry("met", new JsonPrimitive(true));
  }

  @Test
  void theOverviewHasEveryGoalInOrderAndSaysWhatMeasuresTheRest() {
    Overview overview =
        new Overview(
            List.of(
                result("start", Optional.of(Limit.atMost(5)), 4),
                result("P6", Optional.of(Limit.atMost(5)), 6),
                result("P10", Optional.empty(), 1)));
    assertThat(overview.table().lines().skip(2).map(line -> line.split("\\|", -1)[1].strip()))
        .containsExactly(
            "P1", "P2", "P3", "P4", "P5", "P6", "P7", "P8", "P9", "F1", "F2", "F3", "start", "P10");
    assertThat(overview.table())
        .contains("| P6 | what | at most 5.00 ms | 6.00 ms | 6.00 to 6.00 | missed |")
        .contains("| P8 | `./cnn2gnn bench swap` | | not measured | | |");
  }
}
