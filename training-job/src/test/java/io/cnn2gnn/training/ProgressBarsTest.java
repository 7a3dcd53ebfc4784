package io.cnn2gnn.training;

import static org.assertj.core.api.Assertions.assertThat;

import io.cnn2gnn.training.fit.Epoch;
import io.cnn2gnn.training.fit.HeldOut;
import io.cnn2gnn.training.fit.Progress;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarConsumer;
import org.junit.jupiter.api.Test;

class ProgressBarsTest {
  private static final String FIGURES = "epoch 12/25, validation 0.812, loss 0.512";

  /** Keeps what is rendered for a terminal of a given width. */
  private static final class Rendered implements ProgressBarConsumer {
    private final List<String> lines = new ArrayList<>();
    private final int width;

    Rendered(int width) {
      this.width = width;
    }

    @Override
    public int getMaxRenderedLength() {
      return width;
    }

    @Override
    public void accept(String line) {
      lines.add(line);
    }

    @Override
    public void close() {}
  }

  private static String half(String task, int width) {
    Rendered rendered = new Rendered(width);
    try (ProgressBar bar =
        new ProgressBarBuilder()
            .setTaskName(task)
            .setInitialMax(1000)
            .setConsumer(rendered)
            .setRenderer(new BarLine())
            .build()) {
      bar.stepTo(500);
      bar.setExtraMessage(FIGURES);
      bar.refresh();
    }
    return rendered.lines.get(rendered.lines.size() - 1);
  }

  @Test
  void aWideTerminalShowsTheBarBesideAllFigures() {
    assertThat(half("student", 120))
        .hasSizeLessThan(120)
        .startsWith("student  50% [====")
        .contains("=   ")
        .endsWith("left  " + FIGURES);
  }

  @Test
  void eightyColumnsShowTheBarAndNoFigureIsCut() {
    assertThat(half("student", 80))
        .hasSizeLessThan(80)
        .startsWith("student  50% [=")
        .endsWith("left  " + FIGURES);
  }

  @Test
  void aLongNameTakesTheBarsPlaceAndThenThatOfTheLastFigure() {
    assertThat(half("random-neighbours-1 student", 80))
        .hasSizeLessThan(80)
        .doesNotContain("[")
        .endsWith("left  epoch 12/25, validation 0.812");
  }

  @Test
  void aTerminalOfTwentyColumnsIsNotOverrun() {
    assertThat(half("random-neighbours-1 student", 20))
        .hasSizeLessThan(20)
        .endsWith("student  50%");
  }

  @Test
  void withoutATerminalEachEpochIsALineThatNamesItsSplits() throws Exception {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    PrintStream out = new PrintStream(bytes, true, StandardCharsets.UTF_8);
    try (ProgressBars bars = new ProgressBars(out, false)) {
      bars.begin(() -> Duration.ofSeconds(250));
      Progress student = bars.phase("student");
      student.epoch(1, 2, 64);
      student.step(64, 1.5f);
      student.done(new Epoch(1, 1.5f, 0.4f, 0.3f, 0.01f, 2), HeldOut.Split.TEST);
      bars.weighing(80);
      bars.measuring(400);
    }
    assertThat(bytes.toString(StandardCharsets.UTF_8).lines())
        .containsExactly(
            "This run will take about 4 min on this machine.",
            "student epoch 1/2: test accuracy 0.300, train accuracy 0.400, train loss 1.500, 2 s",
            "learning from 80 other images what neighbours are worth",
            "measuring on 400 test images");
  }

  @Test
  void durationsAreToldAsExactlyAsTheyAreKnown() {
    assertThat(ProgressBars.about(Duration.ofSeconds(4))).isEqualTo("less than 10 s");
    assertThat(ProgressBars.about(Duration.ofSeconds(44))).isEqualTo("about 40 s");
    assertThat(ProgressBars.about(Duration.ofSeconds(200))).isEqualTo("about 3 min");
    assertThat(ProgressBars.about(Duration.ofMinutes(125))).isEqualTo("about 2 h 5 min");
  }
}
