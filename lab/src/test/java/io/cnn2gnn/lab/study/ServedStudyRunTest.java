package io.cnn2gnn.lab.study;

import static org.assertj.core.api.Assertions.assertThat;

import io.cnn2gnn.lab.Main;
import io.cnn2gnn.lab.picture.Png;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Streams of a small set with tracks, played to a small student and to services that have it. */
@Timeout(300)
class ServedStudyRunTest {
  private static final int SIDE = 12;
  private static final int CLASSES = 8;

  /** Each of eight sources has three whole batches, so that labels come in time. */
  private static final int TRACKS = 12;

  private static final int FRAMES = 16;

  /** In points: none, unless the machine is so slow that batches are torn. */
  private static final double CLOSE = 0.5;

  @TempDir private Path folder;

  /** Tracks of eight classes: one stripe for the class, noise of each track, and of each frame. */
  private void write(String split, int tracks, int frames, long seed) throws IOException {
    Random random = new Random(seed);
    for (int label = 0; label < CLASSES; label++) {
      Path place = Files.createDirectories(folder.resolve("data/" + split + "/class-" + label));
      for (int track = 0; track < tracks; track++) {
        byte[] shown = new byte[SIDE * SIDE];
        random.nextBytes(shown);
        for (int i = 0; i < shown.length; i++) {
          boolean striped = i / SIDE == label + 2;
          shown[i] = (byte) ((shown[i] & 127) + (striped ? 60 : 0));
        }
        for (int frame = 0; frame < frames; frame++) {
          for (int k = 0; k < SIDE; k++) {
            shown[random.nextInt(shown.length)] = (byte) random.nextInt(128);
          }
          Files.write(
              place.resolve("%05d_%05d.png".formatted(track, frame)), Png.of(shown, SIDE, SIDE, 1));
        }
      }
    }
  }

  @Test
  void aServiceAnswersStreamsAsTheModelInThisProcessDoes() throws Exception {
    write("train", 4, 8, 1);
    write("test", TRACKS, FRAMES, 2);
    Path out = folder.resolve("out");
    int exit =
        Main.run(
            false,
            "study",
            "--stream",
            "--served",
            "--data",
            folder.resolve("data").toString(),
            "--out",
            out.toString(),
            "--seeds",
            "1",
            "--preset",
            "quick",
            "--teacher-epochs",
            "2",
            "--epochs",
            "4",
            "--views",
            "1",
            "--widths",
            "16,16",
            "--strides",
            "2,2");
    assertThat(exit).isZero();
    List<String> rows = Files.readAllLines(out.resolve("served.csv"));
    assertThat(rows.get(0))
        .isEqualTo("stream,images,labels,strayed,alone,aloneServed,graph,graphServed,difference");
    assertThat(rows).hasSize(17);
    for (String row : rows.subList(1, rows.size())) {
      int name = row.lastIndexOf('"') + 2;
      String[] figures = row.substring(name).split(",", -1);
      assertThat(Integer.parseInt(figures[0])).as(row).isPositive();
      assertThat(Integer.parseInt(figures[1]) > 0).as(row).isEqualTo(row.contains("labelled"));
      // An image in a batch of another size may be answered otherwise; that is rare.
      double images = Double.parseDouble(figures[0]);
      double close = Math.max(CLOSE, 100 * (1 + Integer.parseInt(figures[2])) / images);
      assertThat(off(figures[3], figures[4])).as(row).isLessThan(close);
      assertThat(off(figures[5], figures[6])).as(row).isLessThan(close);
    }
    assertThat(out.resolve("served.md")).content().contains("The largest one");
  }

  private static double off(String here, String served) {
    return 100 * Math.abs(Double.parseDouble(here) - Double.parseDouble(served));
  }
}
