package io.cnn2gnn.benchmarks.pieces;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cnn2gnn.model.bundle.BundleException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PiecesBenchmarkTest {
  private static final Path NONE = Path.of("none");

  /** What JMH's annotation processor writes while this module is compiled. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "Decode.record",
        "Shrink.image",
        "Wire.readImage",
        "Wire.writeImage",
        "Wire.readPrediction",
        "Wire.writePrediction",
        "Classify.images",
        "Search.images",
        "Buckets.images",
        "TakeLabel.few",
        "TakeLabel.many",
        "TierChange.apply",
        "TierChange.teach",
        "Remember.answers",
        "Remember.restore",
        "Calibrate.calibration",
        "ScriptOrBlocks.scriptAnswer",
        "ScriptOrBlocks.blocksAnswer"
      })
  void everyPieceIsOnTheClassPathsList(String piece) throws Exception {
    try (var list = getClass().getResourceAsStream("/META-INF/BenchmarkList")) {
      assertThat(new String(list.readAllBytes(), StandardCharsets.UTF_8))
          .contains(piece.split("[.]"));
    }
  }

  @Test
  void aBundleThatIsNotThereIsRefusedBeforeAnyFork() {
    PiecesBenchmark benchmark =
        new PiecesBenchmark(
            new PiecesBenchmark.Options(NONE, NONE, Optional.empty(), 1, 3),
            new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8));
    assertThatThrownBy(benchmark::run)
        .isInstanceOf(BundleException.class)
        .hasMessageContaining("none");
  }

  @Test
  void iterationsTooFewForAnErrorAreRefused() {
    assertThatThrownBy(() -> new PiecesBenchmark.Options(NONE, NONE, Optional.empty(), 1, 2))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("at least 3: 1, 2");
  }
}
