package io.cnn2gnn.benchmarks.start;

import static org.assertj.core.api.Assertions.assertThat;

import io.cnn2gnn.model.files.Json;
import java.util.List;
import org.junit.jupiter.api.Test;

class StartReportTest {
  @Test
  void theMedianStartIsJudged() {
    StartReport report =
        new StartReport("here", 1000, List.of(4.0, 9.0, 4.5), List.of(390.0), List.of(410.0));
    assertThat(report.goals()).singleElement().matches(goal -> goal.verdict().equals("met"));
    assertThat(report.tables())
        .contains("| process start to ready, s | 4.50 | 4.00 | 9.00 |")
        .contains("| after 1,000 images, MiB | 410 | 410 | 410 |")
        .contains("| at most 5.00 s | 4.50 s | 4.00 to 9.00 | met |");
    assertThat(Json.object(report.summary()).keySet())
        .containsExactly(
            "description", "startSeconds", "images", "readyMegabytes", "workedMegabytes", "goals");
  }

  @Test
  void memoryIsLeftOutWhereTheSystemDoesNotTell() {
    StartReport report = new StartReport("here", 1000, List.of(6.0), List.of(), List.of());
    assertThat(report.tables()).doesNotContain("MiB").contains("missed");
  }
}
