package io.cnn2gnn.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cnn2gnn.model.bundle.Bundle;
import io.cnn2gnn.training.data.IdxFiles;
import io.cnn2gnn.training.fit.Progress;
import io.cnn2gnn.training.fit.Schedule;
import io.cnn2gnn.training.fit.StudentFit;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TrainJobTest {
  @TempDir private Path folder;
  private final List<String> phases = new ArrayList<>();

  @BeforeEach
  void write() throws IOException {
    IdxFiles.write(folder, 400, 100);
  }

  private TrainOptions options(String out, int batch) {
    return new TrainOptions(
        folder,
        List.of("ant", "bee", "cat", "dog"),
        folder.resolve(out),
        "patterns",
        "1",
        "a test",
        7,
        "cpu",
        8,
        4,
        new Schedule(4, batch, 0.01f, 0.01f),
        List.of(8, 16),
        List.of(2, 1),
        3,
        3,
        0.3f,
        new Schedule(8, batch, 0.01f, 0.01f),
        new StudentFit.Recipe(0.5f, 2, 64, 0.2f),
        5);
  }

  private Bundle train(TrainOptions options) throws Exception {
    return new TrainJob(
            options,
            phase -> {
              phases.add(phase);
              return new Progress() {
                @Override
                public void epoch(int epoch, int epochs, int images) {}

                @Override
                public void step(int images, float loss) {
                  assertThat(loss).isFinite();
                }
              };
            })
        .run();
  }

  @Test
  void distilsAStudentThatKnowsThePatternsAndWritesABundleThatSaysSo() throws Exception {
    Bundle trained = train(options("patterns.bundle", 20));
    Bundle read = Bundle.read(folder.resolve("patterns.bundle"));
    assertThat(read).isEqualTo(trained);
    assertThat(read.card().metrics())
        .containsOnlyKeys("teacherAccuracy", "accuracy", "accuracyBatch1", "accuracyNoGraph");
    assertThat(read.card().metrics().values()).allSatisfy(v -> assertThat(v).isGreaterThan(0.8));
    assertThat(read.prototypes().size()).isEqualTo(20);
    Map<String, Double> again =
        EvaluateJob.run(folder.resolve("patterns.bundle"), folder, 7, "cpu");
    assertThat(again).containsAllEntriesOf(Map.of("images", 100.0));
    assertThat(again.get("accuracy")).isEqualTo(read.card().metrics().get("accuracy"));
  }

  @Test
  void theSameSeedGivesTheSameBundleAndTheTeacherIsTrainedOnce() throws Exception {
    train(options("patterns.bundle", 20));
    byte[] first = Files.readAllBytes(folder.resolve("patterns.bundle"));
    train(options("patterns.bundle", 20));
    assertThat(Files.readAllBytes(folder.resolve("patterns.bundle"))).isEqualTo(first);
    assertThat(phases).containsExactly("teacher", "student", "student");
  }

  @Test
  void aSetSmallerThanABatchIsAClearErrorAndWritesNothing() {
    assertThatThrownBy(() -> train(options("patterns.bundle", 500)))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("400 training images, fewer than one batch");
    assertThat(folder.resolve("patterns.bundle")).doesNotExist();
  }
}
