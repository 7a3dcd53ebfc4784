package io.cnn2gnn.benchmarks.recovery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.cnn2gnn.benchmarks.goal.GoalResult;
import io.cnn2gnn.model.files.Json;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

class RecoveryReportTest {
  private static final List<String> LOG =
      List.of(
          "23:59:58.000 INFO  ProcessorStateManager - stream-task [0_0] Initializing to the starting"
              + " offset for changelog app-pending-changelog-0 of in-memory state store pending",
          "23:59:58.500 INFO  ProcessorStateManager - stream-task [0_0] Initializing to the starting"
              + " offset for changelog app-bank-changelog-0 of in-memory state store bank",
          "23:59:59.000 INFO  StoreChangelogReader - Finished restoring changelog"
              + " app-pending-changelog-0 to store pending with a total number of 3 records",
          "00:00:00.250 INFO  StoreChangelogReader - Finished restoring changelog"
              + " app-bank-changelog-0 to store bank with a total number of 5000 records",
          "",
          "00:00:00.750 INFO  StreamTask - task [0_0] Restored and ready to run");

  @Test
  void theLogTellsHowLongTheBankTookEvenOverMidnight() throws Exception {
    assertThat(RestoreLog.of(LOG, "app-bank-changelog"))
        .isEqualTo(new RestoreLog(5000, 1.75, 2.25));
  }

  @Test
  void aLogWithoutARestorationIsRefused() {
    assertThatThrownBy(() -> RestoreLog.of(LOG.subList(0, 3), "app-bank-changelog"))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("Finished restoring changelog");
  }

  @Test
  void theLongestGapIsBetweenAnswersInTheOrderInWhichTheyCame() {
    assertThat(Gaps.longest(new long[] {40, 10, 25, 12})).isEqualTo(15);
    assertThat(Gaps.longest(new long[] {40})).isZero();
  }

  @Test
  void failoverIsJudgedByWhatIsBeyondTheSession() {
    RecoveryReport report =
        new RecoveryReport(
            "here", 100_000, 10, List.of(new Restore(8, 2, 1.5, 74)), List.of(10.5, 20.25, 10.75));
    assertThat(report.goals())
        .extracting(GoalResult::unit, goal -> goal.measured().median(), GoalResult::verdict)
        .containsExactly(tuple("s", 2.0, ""), tuple("MB/s", 37.0, ""), tuple("s", 0.75, "met"));
    assertThat(report.tables())
        .contains("| 100,000 rows, 74.0 MB of changelog |")
        .contains("| failover: longest time without answers, s | 10.75 | 10.50 | 20.25 |")
        .contains("| at most 1.00 s | 0.75 s | 0.50 to 10.25 | met |");
    JsonObject json = Json.object(report.summary());
    assertThat(json.keySet())
        .containsExactly(
            "description", "rows", "restores", "sessionSeconds", "failoverGapSeconds", "goals");
    assertThat(json.get("restores"))
        .isEqualTo(
            JsonParser.parseString(
                """
                [{"readySeconds": 8.0, "restoreSeconds": 2.0, "readSeconds": 1.5,
                  "megabytes": 74.0, "megabytesPerSecond": 37.0}]
                """));
  }
}
