package io.cnn2gnn.lab.drift;

import static org.assertj.core.api.Assertions.assertThat;

import io.cnn2gnn.cli.kit.Home;
import io.cnn2gnn.lab.Main;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A short stream, all on real processes; too short for a training. */
@Timeout(180)
class DriftRunTest {
  @TempDir private Path folder;

  @Test
  void aShiftIsSeenByAllServicesAndDrawn() throws Exception {
    Path out = folder.resolve("drift");
    int exit =
        Main.run(
            false,
            "drift",
            "--data",
            Home.samples().toString(),
            "--out",
            out.toString(),
            "--images",
            "500",
            "--shift-at",
            "0.5",
            "--rate",
            "100",
            "--seed",
            "2");
    assertThat(exit).isZero();
    List<String> rows = Files.readAllLines(out.resolve("drift.csv"));
    assertThat(rows).hasSize(3).first().isEqualTo("images,retrained,taught,untaught");
    double[] before = figures(rows.get(1));
    double[] after = figures(rows.get(2));
    assertThat(before[0]).isGreaterThan(0.8);
    assertThat(before[1]).isGreaterThan(0.8);
    assertThat(before[2]).isGreaterThan(0.8);
    // Nobody tells the last one.
    assertThat(after[2]).isLessThan(0.25);
    assertThat(after[1]).isGreaterThan(after[2] + 0.05);
    assertThat(after[0]).isGreaterThan(after[2] + 0.05);
    assertThat(ImageIO.read(out.resolve("drift.png").toFile()).getWidth()).isEqualTo(1000);
  }

  /** Retrained, taught, untaught. */
  private static double[] figures(String row) {
    return Arrays.stream(row.split(",", -1)).skip(1).mapToDouble(Double::parseDouble).toArray();
  }
}
