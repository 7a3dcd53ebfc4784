package io.cnn2gnn.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.cnn2gnn.model.bundle.Bundle;
import io.cnn2gnn.model.drift.DriftReference;
import io.cnn2gnn.model.graph.Ranking;
import io.cnn2gnn.training.data.Augment;
import io.cnn2gnn.training.data.DataSets;
import io.cnn2gnn.training.data.IdxFiles;
import io.cnn2gnn.training.fit.Epoch;
import io.cnn2gnn.training.fit.HeldOut;
import io.cnn2gnn.training.fit.Progress;
import io.cnn2gnn.training.fit.Recipe;
import io.cnn2gnn.training.fit.Schedule;
import io.cnn2gnn.training.teacher.Responder;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TrainJobRunTest {
  private static final class Killed extends RuntimeException {
    private static final long serialVersionUID = 1;
  }

  private static final List<String> FOUR = List.of("ant", "bee", "cat", "dog");

  @TempDir private Path folder;
  private final List<String> phases = new ArrayList<>();
  private int steps;

  @BeforeEach
  void write() throws IOException {
    IdxFiles.write(folder, 400, 100);
  }

  private TrainOptions options(
      String out, String work, int batch, double validation, int patience) {
    return options(folder, FOUR, out, work, batch, validation, patience);
  }

  private TrainOptions options(
      Path data,
      List<String> classes,
      String out,
      String work,
      int batch,
      double validation,
      int patience) {
    return new TrainOptions(
        data,
        new DataSets.Options(classes, Optional.empty()),
        folder.resolve(out),
        folder.resolve(work),
        "patterns",
        "1",
        "a test",
        7,
        1,
        "cpu",
        validation,
        new Teachers.Options(
            "resnet8",
            List.of(0.5f),
            List.of(0.5f),
            new Schedule(4, batch, 0.01f, 0.01f, patience),
            new Augment(true, 2, 1, 0, 0)),
        new TrainOptions.Shape(List.of(8, 16, 16), List.of(2, 1, 1), 3, 16, 24, 3, Ranking.LEARNED),
        new Schedule(8, batch, 0.01f, 0.01f, patience),
        new Recipe(0.5f, 0.8f, 2, 3, 64, 0.5f, 0.2f),
        new Augment(true, 2, 1, 0, 3),
        5);
  }

  private TrainOptions options(String out, String work) {
    return options(out, work, 20, 0, 0);
  }

  /** Trains; an epoch's end throws after so many epochs over both phases, if it is not 0. */
  private Bundle train(TrainOptions options, int killedAfter) throws Exception {
    int[] epochs = {0};
    return new TrainJob(
            options,
            phase -> {
              phases.add(phase);
              return new Progress() {
                @Override
                public void epoch(int epoch, int of, int images) {}

                @Override
                public void step(int images, float loss) {
                  steps++;
                  assertThat(loss).isFinite();
                }

                @Override
                public void done(Epoch epoch, HeldOut.Split split) {
                  if (++epochs[0] == killedAfter) {
                    throw new Killed();
                  }
                }
              };
            })
        .run();
  }

  private Bundle train(TrainOptions options) throws Exception {
    return train(options, 0);
  }

  @Test
  void distilsAStudentThatKnowsThePatternsAndWritesABundleThatSaysSo() throws Exception {
    Bundle trained = train(options("patterns.bundle", "work"));
    Bundle read = Bundle.read(folder.resolve("patterns.bundle"));
    assertThat(read).isEqualTo(trained);
    assertThat(read.card().drift().orElseThrow().mix().values().stream().mapToDouble(d -> d).sum())
        .isEqualTo(1, within(1e-9));
    Map<String, Double> metrics = DriftReference.without(read.card().metrics());
    assertThat(metrics)
        .containsOnlyKeys(
            "teacherAccuracy",
            "images",
            "accuracy",
            "accuracyBatch1",
            "accuracyBankOnly",
            "accuracyNoGraph",
            "flipRate",
            "neighbourPurity",
            "macs",
            "teacherMacs",
            "millisPerImage",
            "teacherMillisPerImage");
    for (String name :
        List.of("teacherAccuracy", "accuracy", "accuracyBatch1", "accuracyBankOnly")) {
      assertThat(metrics.get(name)).as(name).isGreaterThan(0.8);
    }
    assertThat(read.prototypes().size()).isEqualTo(20);
    EvaluateJob.Result result =
        EvaluateJob.run(folder.resolve("patterns.bundle"), folder, List.of(), 7, "cpu");
    // The same images and the same seed say the same.
    assertThat(result.bundle()).isEqualTo(trained);
    Map<String, Double> again = result.figures();
    assertThat(again)
        .containsOnlyKeys(
            "images",
            "accuracy",
            "accuracyBatch1",
            "accuracyBankOnly",
            "accuracyNoGraph",
            "flipRate",
            "neighbourPurity",
            "millisPerImage");
    assertThat(again.get("accuracy")).isEqualTo(metrics.get("accuracy"));
  }

  @Test
  void aRunThatWasKilledGoesOnAndEndsAsIfItHadNotBeen() throws Exception {
    Bundle unbroken = train(options("unbroken.bundle", "work-1"));
    // In the teacher's second epoch, then in the student's third, then to the end.
    assertThatThrownBy(() -> train(options("killed.bundle", "work-2"), 2))
        .isInstanceOf(Killed.class);
    assertThatThrownBy(() -> train(options("killed.bundle", "work-2"), 2 + 3))
        .isInstanceOf(Killed.class);
    assertThat(folder.resolve("killed.bundle")).doesNotExist();
    Bundle resumed = train(options("killed.bundle", "work-2"));
    assertThat(resumed.weights()).isEqualTo(unbroken.weights());
    assertThat(resumed.prototypes()).isEqualTo(unbroken.prototypes());
    assertThat(resumed.card().metrics().get("accuracy"))
        .isEqualTo(unbroken.card().metrics().get("accuracy"));
    assertThat(phases)
        .containsExactly("teacher", "student", "teacher", "teacher", "student", "student");
    assertThat(lossColumn("killed.bundle", "test"))
        .isEqualTo(lossColumn("unbroken.bundle", "test"))
        .hasSize(9);
  }

  private List<String> lossColumn(String bundle, String split) throws IOException {
    return Files.readAllLines(
            folder.resolve(bundle + ".report/learning-curves-train-" + split + ".csv"))
        .stream()
        .map(line -> line.split(",", -1)[1])
        .toList();
  }

  @Test
  void aForecastWritesNothingAndCountsWhatIsLeft() throws Exception {
    TrainOptions options = options("patterns.bundle", "work");
    Duration whole = Estimate.of(Plan.of(options));
    assertThat(whole).isBetween(Duration.ofMillis(100), Duration.ofMinutes(5));
    assertThat(folder.resolve("work")).doesNotExist();
    train(options);
    Plan plan = Plan.of(options);
    assertThat(Teachers.epochsLeft(plan)).isZero();
    try (Responder teacher = Teachers.open(plan, TrainJobRunTest::trainedAgain)) {
      assertThat(plan.task(teacher).answers().unanswered(0, 8)).isZero();
    }
  }

  private static Progress trainedAgain() {
    throw new AssertionError("the teacher is trained again");
  }

  @Test
  void theSameSeedGivesTheSameWeightsAndTheTeacherIsTrainedOnce() throws Exception {
    Bundle first = train(options("patterns.bundle", "work"));
    Bundle second = train(options("patterns.bundle", "work"));
    assertThat(second.weights()).isEqualTo(first.weights());
    assertThat(phases).containsExactly("teacher", "student", "student");
  }

  @Test
  void leavesAReportWithCurvesPicturesAndMetricsAndNoCheckpoint() throws Exception {
    train(options("patterns.bundle", "work"));
    Path report = folder.resolve("patterns.bundle.report");
    for (String name :
        List.of("learning-curves-train-test.png", "confusion-test.png", "neighbours-test.png")) {
      assertThat(ImageIO.read(report.resolve(name).toFile()).getWidth()).isGreaterThan(300);
    }
    assertThat(report.resolve("data.txt")).content().endsWith("images\n");
    assertThat(report.resolve("metrics.json")).content().contains("\"accuracyBatch1\"");
    assertThat(report.resolve("learning-curves-train-test.csv"))
        .content()
        .startsWith("epoch,trainLoss,trainAccuracy,testAccuracy,rate,seconds\n1,");
    Map<String, Double> metrics =
        DriftReference.without(Bundle.read(folder.resolve("patterns.bundle")).card().metrics());
    String explained = Files.readString(report.resolve("report.md"));
    assertThat(metrics.keySet())
        .allSatisfy(
            name ->
                assertThat(explained).containsPattern("\\| " + name + " \\| [0-9.]+ \\| [a-z]"));
    try (Stream<Path> files = Files.walk(folder)) {
      assertThat(files.map(Path::toString))
          .noneMatch(f -> f.endsWith(".checkpoint") || f.endsWith(".tmp"));
    }
  }

  @Test
  void unlabelledImagesAreLearnedFromAndNeverPrototypes() throws Exception {
    Path tree = folder.resolve("tree");
    for (int i = 0; i < 120; i++) {
      int shade = 40 + i % 2 * 140 + i % 7;
      String split = i < 40 ? "train" : i < 100 ? "unlabelled" : "test";
      String place = split + (split.equals("unlabelled") ? "" : i % 2 == 0 ? "/dark" : "/bright");
      BufferedImage image = new BufferedImage(12, 12, BufferedImage.TYPE_BYTE_GRAY);
      for (int p = 0; p < 144; p++) {
        image.getRaster().setSample(p % 12, p / 12, 0, shade);
      }
      Files.createDirectories(tree.resolve(place));
      ImageIO.write(image, "png", tree.resolve(place).resolve(i + ".png").toFile());
    }
    Bundle bundle = train(options(tree, List.of(), "tree.bundle", "work", 20, 0, 0));
    assertThat(bundle.card().classes()).containsExactly("bright", "dark");
    assertThat(bundle.card().metrics().get("accuracy")).isGreaterThan(0.9);
    assertThat(bundle.prototypes().ids()).hasSize(10).allMatch(id -> index(id) < 40);
    // A fifth of the labelled images is kept from the stem.
    assertThat(steps).as("steps of 20 over 92 images, not over 32").isEqualTo(8 * 4 + 4 * 2);
  }

  private static int index(String id) {
    return Integer.parseInt(id.replaceAll(".*/|\\.png", ""));
  }

  @Test
  void patienceStopsARunThatNoLongerGains() throws Exception {
    train(options("patterns.bundle", "work", 20, 0.2, 1));
    int epochs = lossColumn("patterns.bundle", "validation").size() - 1;
    assertThat(epochs).isBetween(2, 7);
  }

  @Test
  void aDamagedCheckpointIsNamed() throws Exception {
    assertThatThrownBy(() -> train(options("patterns.bundle", "work"), 2))
        .isInstanceOf(Killed.class);
    Path checkpoint;
    try (Stream<Path> files = Files.list(folder.resolve("work"))) {
      checkpoint = files.filter(f -> f.toString().endsWith(".checkpoint")).findAny().orElseThrow();
    }
    Files.write(checkpoint, new byte[] {1, 2, 3});
    assertThatThrownBy(() -> train(options("patterns.bundle", "work")))
        .isInstanceOf(IOException.class)
        .hasMessageContainingAll(checkpoint.toString(), "damaged", "remove it");
  }

  @Test
  void aSetSmallerThanABatchIsAClearErrorAndWritesNothing() {
    assertThatThrownBy(() -> train(options("patterns.bundle", "work", 500, 0, 0)))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("400 images to learn from, fewer than one batch of 500");
    // A fifth of them is kept from the stem.
    assertThatThrownBy(() -> train(options("patterns.bundle", "work", 350, 0, 0)))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("320 images to learn from, fewer than one batch of 350");
    assertThat(folder.resolve("patterns.bundle")).doesNotExist();
    assertThat(folder.resolve("work")).doesNotExist();
  }

  @Test
  void aShareThatHoldsNothingOutIsRefusedAndSoIsAFolderAsBundle() throws Exception {
    assertThatThrownBy(() -> train(options("patterns.bundle", "work", 20, 0.0001, 3)))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("--validation");
    Files.createDirectories(folder.resolve("a-folder"));
    assertThatThrownBy(() -> train(options("a-folder", "work")))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("a-folder is a folder");
  }

  @Test
  void patienceWithoutHeldOutImagesIsRefused() {
    assertThatThrownBy(() -> options("patterns.bundle", "work", 20, 0, 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("--validation");
  }
}
