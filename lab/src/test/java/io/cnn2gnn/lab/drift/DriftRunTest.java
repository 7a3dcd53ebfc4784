package io.cnn2gnn.lab.drift;

import static org.assertj.core.api.Assertions.assertThat;

import io.cnn2gnn.cli.kit.Home;
import io.cnn2gnn.lab.Main;
import java.nio.file.Files;
import java.nio.file.Path;
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
    for (int column = 1; column <= 3; column++) {
      double before = Double.parseDouble(rows.get(1).split(",", -1)[column]);
      double after = Double.parseDouble(rows.get(2).split(",", -1)[column]);
      assertThat(before).isGreaterThan(0.8);
      assertThat(after).isLessThan(0.4);
    }
    assertThat(ImageIO.read(out.resolve("drift.png").toFile()).getWidth()).isEqualTo(1000);
  }
}
