package io.cnn2gnn.lab.faults;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonParser;
import io.cnn2gnn.faults.RowResult;
import io.cnn2gnn.model.files.Json;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RowSummaryTest {
  @Test
  void whatASkippedRowDoesNotHaveHasNoKey() {
    RowResult skipped =
        new RowResult(
            7,
            "disk full",
            0,
            0,
            0,
            0,
            0,
            0,
            Double.NaN,
            Double.NaN,
            List.of(),
            Map.of(),
            List.of(),
            "needs root");
    assertThat(Json.object(RowSummary.of(skipped)))
        .isEqualTo(
            JsonParser.parseString(
                """
                {"row": 7, "name": "disk full", "green": false, "rounds": 0, "images": 0,
                 "predicted": 0, "deadLettered": 0, "lost": 0, "duplicated": 0, "notes": [],
                 "problems": [], "skipped": "needs root"}
                """));
  }
}
