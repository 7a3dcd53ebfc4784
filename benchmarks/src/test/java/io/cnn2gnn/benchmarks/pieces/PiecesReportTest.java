package io.cnn2gnn.benchmarks.pieces;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class PiecesReportTest {
  @Test
  void aCallForABatchIsAlsoGivenPerImage() {
    PiecesReport report =
        new PiecesReport(
            "here",
            List.of(
                new PiecesReport.Piece("Wire.readImage", Map.of(), 1.25, 0.5),
                new PiecesReport.Piece(
                    "Search.images",
                    new TreeMap<>(Map.of("batch", "64", "rows", "2048")),
                    6400,
                    12.34)));
    assertThat(report.tables())
        .startsWith("here\n\n| piece |")
        .contains("| Wire.readImage |  | 1.3 | 0.5 | 1.3 |\n")
        .contains("| Search.images | batch 64, rows 2048 | 6,400.0 | 12.3 | 100.0 |\n");
  }
}
