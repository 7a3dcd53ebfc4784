package io.cnn2gnn.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cnn2gnn.model.bundle.Bundle;
import io.cnn2gnn.model.graph.Ranking;
import io.cnn2gnn.training.data.Augment;
import io.cnn2gnn.training.data.DataSets;
import io.cnn2gnn.training.data.IdxFiles;
import io.cnn2gnn.training.fit.Epoch;
import io.cnn2gnn.training.fit.HeldOut;
import io.cnn2gnn.training.fit.Progress;
import io.cnn2gnn.training.fit.Recipe;
import io.cnn2gnn.training.fit.Schedule;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StudyJobRunTest {
  @TempDir private Path folder;
  private final List<String> phases = new ArrayList<>();

  private StudyJob study(List<Long> seeds) {
    Schedule schedule = new Schedule(2, 40, 0.01f, 0.01f, 0);
    TrainOptions base =
        new TrainOptions(
            folder,
            new DataSets.Options(List.of(), Optional.empty()),
            folder.resolve("study"),
            folder.resolve("work"),
            "patterns",
            "1",
            "./cnn2gnn train --data patterns",
            0,
            1,
            "cpu",
            0,
            new Teachers.Options(
                "resnet8", List.of(0.5f), List.of(0.5f), schedule, new Augment(true, 2, 1, 0, 0)),
            new TrainOptions.Shape(List.of(8, 8), List.of(2, 1), 2, 8, 8, 3, Ranking.LEARNED),
            schedule,
            new Recipe(0.5f, 0.5f, 2, 2, 80, 0.5f, 0.2f),
            new Augment(true, 2, 1, 0, 1),
            5);
    return new StudyJob(
        base,
        Arrays.asList(Variant.values()),
        seeds,
        phase -> {
          phases.add(phase);
          return new Progress() {
            @Override
            public void epoch(int epoch, int epochs, int images) {}

            @Override
            public void step(int images, float loss) {}

            @Override
            public void done(Epoch epoch, HeldOut.Split split) {}
          };
        });
  }

  @Test
  void trainsEveryVariantOnceWithOneTeacherAndTabulatesThem() throws Exception {
    IdxFiles.write(folder, 200, 40);
    String table = study(List.of(1L)).run();
    assertThat(phases).hasSize(Variant.values().length + 1);
    assertThat(table.lines().filter(line -> line.startsWith("| ")).count())
        .isEqualTo(2 + Variant.values().length);
    assertThat(table)
        .contains("* flipRate: answers that change with the batch")
        .contains("| no-graph | 1 |")
        .contains("Teacher: accuracy");
    phases.clear();
    String two = study(List.of(1L, 2L)).run();
    assertThat(two).contains("| no-graph | 2 |").contains(" ± ");
    assertThat(phases).hasSize(Variant.values().length).allMatch(p -> p.contains("-2 student"));
    assertThat(Files.readAllLines(folder.resolve("study/study.csv")))
        .hasSize(1 + 2 * Variant.values().length);
    Bundle none = Bundle.read(folder.resolve("study/no-graph-1.bundle"));
    assertThat(none.card().command())
        .isEqualTo("./cnn2gnn train --data patterns --ranking none --seed 1");
    assertThat(none.card().metrics().get("accuracy"))
        .isEqualTo(none.card().metrics().get("accuracyNoGraph"));
  }

  @Test
  void anUnknownVariantIsRefusedWithThoseThereAre() {
    assertThatThrownBy(() -> Variant.of("no-hope"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContainingAll("no-hope", "frozen-head", "no-metric-loss");
  }
}
