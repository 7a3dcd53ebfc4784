package io.cnn2gnn.training.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.cnn2gnn.training.stream.StreamStudy.Line;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class StreamTableTest {
  private static Line line(String scenario, double graph) {
    return new Line(
        scenario,
        100,
        Map.of(
            "alone",
            0.5,
            "graph",
            graph,
            "gain",
            graph - 0.5,
            "low",
            0.0,
            "high",
            0.1,
            "calibration",
            0.01,
            "calibration alone",
            0.02),
        new Course(List.of()));
  }

  private static List<String> rows(List<List<Line>> seeds) {
    return StreamTable.markdown(seeds).lines().filter(row -> row.contains("| 100 |")).toList();
  }

  @Test
  void aLineIsTheMedianOfItsScenarioOverAllSeeds() {
    List<String> rows =
        rows(
            List.of(
                List.of(line("a", 0.6), line("b", 0.9)),
                List.of(line("a", 0.7), line("b", 0.5)),
                List.of(line("a", 0.8), line("b", 0.6))));
    assertThat(rows).hasSize(2);
    assertThat(rows.get(0)).startsWith("| a | 100 | 50.00 | 70.00 | +20.00 ");
    assertThat(rows.get(1)).startsWith("| b | 100 | 50.00 | 60.00 | +10.00 ");
  }

  @Test
  void aSeedThatHasNoSuchLineDoesNotCount() {
    List<String> rows =
        rows(
            List.of(
                List.of(line("a", 0.6), line("b", 0.9)),
                List.of(line("a", 0.7)),
                List.of(line("a", 0.8), line("b", 0.7))));
    assertThat(rows.get(1)).startsWith("| b | 100 | 50.00 | 80.00 | +30.00 ");
  }
}
