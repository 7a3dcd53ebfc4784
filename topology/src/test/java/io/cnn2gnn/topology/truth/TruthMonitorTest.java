package io.cnn2gnn.topology.truth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.cnn2gnn.model.bundle.ModelCard;
import io.cnn2gnn.model.inference.TestModels;
import io.cnn2gnn.topology.metrics.AppMetrics;
import io.cnn2gnn.topology.truth.TruthFigures.Mistake;
import io.cnn2gnn.topology.truth.TruthFigures.OfClass;
import io.cnn2gnn.topology.truth.TruthMonitor.Drop;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class TruthMonitorTest {
  private static final int WINDOW = TruthWindow.SIZE;
  private static final ModelCard BARE = TestModels.untrained(1).card().with(Map.of());
  private static final ModelCard NEXT = TestModels.untrained(2).card().with(Map.of());

  private final SimpleMeterRegistry metrics = new SimpleMeterRegistry();
  private ModelCard inService = measured(0.9, 10_000);
  private final TruthMonitor monitor = monitor();

  private static ModelCard measured(double accuracy, int images) {
    return BARE.with(Map.of("accuracy", accuracy, "images", (double) images));
  }

  private TruthMonitor monitor() {
    return new TruthMonitor(() -> inService, new AppMetrics(metrics).counter(TruthMonitor.METER));
  }

  private void judge(ModelCard model, int answers, int wrong) {
    for (int i = 0; i < answers; i++) {
      monitor.told(model.id(), "ant", i < wrong ? "bee" : "ant");
    }
  }

  @Test
  void figuresAreOfTheLastAnswersByTheirTrueClass() {
    judge(inService, WINDOW, WINDOW);
    judge(inService, WINDOW - 3, 7);
    monitor.told(inService.id(), "cat", "cat");
    monitor.told(inService.id(), "cat", "bee");
    monitor.told(inService.id(), "bee", "bee");

    TruthFigures figures = monitor.figures(inService);
    assertThat(figures.ever()).isEqualTo(2 * WINDOW);
    assertThat(figures.judged()).isEqualTo(WINDOW);
    assertThat(figures.accuracy()).isEqualTo((WINDOW - 8.0) / WINDOW, within(1e-12));
    assertThat(figures.usual()).contains(0.9);
    assertThat(figures.classes())
        .containsExactly(
            new OfClass("ant", 490, 490, 1),
            new OfClass("bee", 9, 1, 1 / 9.0),
            new OfClass("cat", 1, 1, 1));
    assertThat(figures.mistakes())
        .containsExactly(new Mistake("bee", "ant", 7), new Mistake("bee", "cat", 1));
    assertThat(counted("right")).isEqualTo(WINDOW - 8);
    assertThat(counted("wrong")).isEqualTo(WINDOW + 8);
  }

  private double counted(String result) {
    return metrics.get("cnn2gnn.truth.answers").tag("result", result).counter().count();
  }

  @Test
  void beforeTheFirstJudgedAnswerThereIsNoAccuracy() {
    TruthFigures figures = monitor.figures(inService);
    assertThat(figures.judged()).isZero();
    assertThat(figures.accuracy()).isNaN();
  }

  @Test
  void aDropIsAnAlarmOnceUntilAFullWindowIsAsGoodAsUsual() {
    judge(inService, WINDOW, 50);
    judge(inService, WINDOW - 1, 100);
    assertThat(monitor.takeDrops()).as("before the window is full").isEmpty();
    judge(inService, 1, 0);
    List<Drop> drops = monitor.takeDrops();
    assertThat(drops).hasSize(1);
    assertThat(drops.get(0).card()).isEqualTo(inService);
    assertThat(drops.get(0).reason())
        .isEqualTo("accuracy is 0.800, below the 0.900 of held-out images");
    judge(inService, 2 * WINDOW, 250);
    assertThat(monitor.takeDrops()).as("it was told of").isEmpty();
    judge(inService, WINDOW, 50);
    judge(inService, WINDOW, 100);
    assertThat(monitor.takeDrops()).as("after it had recovered").hasSize(1);
  }

  @Test
  void whatChanceExplainsIsNoAlarm() {
    inService = measured(0.9, 10_000);
    judge(inService, WINDOW, 72);
    assertThat(monitor.takeDrops()).isEmpty();
    judge(inService, WINDOW, 73);
    assertThat(monitor.takeDrops()).hasSize(1);
  }

  @Test
  void aFewHeldOutImagesAreBelievedLess() {
    inService = measured(0.9, 100);
    judge(inService, WINDOW, 100);
    assertThat(monitor.takeDrops()).isEmpty();
    judge(inService, WINDOW, 125);
    assertThat(monitor.takeDrops()).hasSize(1);
  }

  @Test
  void chanceRaisesAnAlarmInNoMoreThanTwoOfAThousandWindows() {
    int alarms = 0; // of 4,000 windows
    for (int seed = 0; seed < 1_000; seed++) {
      Random random = new Random(seed);
      double accuracy = 0.5 + 0.49 * random.nextDouble();
      int heldOut = 100 + random.nextInt(2_000);
      int right = 0;
      for (int i = 0; i < heldOut; i++) {
        right += random.nextDouble() < accuracy ? 1 : 0;
      }
      inService = measured((double) right / heldOut, heldOut);
      TruthMonitor one = monitor();
      for (int i = 0; i < 4 * WINDOW; i++) {
        one.told(inService.id(), "ant", random.nextDouble() < accuracy ? "ant" : "bee");
      }
      alarms += one.takeDrops().size();
    }
    assertThat(alarms).isBetween(1, 8);
  }

  @Test
  void aModelThatWasNotMeasuredIsComparedWithItsOwnFirstWindow() {
    inService = BARE;
    judge(inService, WINDOW, 250);
    assertThat(monitor.takeDrops()).isEmpty();
    assertThat(monitor.figures(inService).usual()).contains(0.5);
    judge(inService, WINDOW, 310);
    assertThat(monitor.takeDrops())
        .extracting(Drop::reason)
        .containsExactly("accuracy is 0.380, below the 0.500 of its first window");
  }

  @Test
  void aCardWhoseAccuracyIsNoneCountsAsNotMeasured() {
    for (double accuracy : new double[] {Double.NaN, -1, 1.1, Double.POSITIVE_INFINITY}) {
      assertThat(Share.heldOut(BARE.with(Map.of("accuracy", accuracy)))).isEmpty();
    }
    assertThat(Share.heldOut(BARE.with(Map.of("accuracy", 0.5, "images", 0.0)))).isEmpty();
    assertThat(Share.heldOut(BARE.with(Map.of("accuracy", 0.5)))).contains(new Share(0.5, WINDOW));
  }

  @Test
  void anotherModelBeginsAnewAndRaisesItsOwnAlarm() {
    ModelCard first = inService;
    judge(first, 2 * WINDOW - 1, 2 * WINDOW - 1);
    assertThat(monitor.takeDrops()).hasSize(1);
    inService = NEXT.with(Map.of("accuracy", 0.9));
    judge(inService, WINDOW - 1, WINDOW - 1);
    assertThat(monitor.takeDrops()).isEmpty();
    judge(inService, 1, 1);
    assertThat(monitor.takeDrops()).extracting(Drop::card).containsExactly(inService);
  }

  @Test
  void aModelWhoseAlarmWasToldOfRaisesItAgainWhenItComesBackAfterAFullWindowOfAnother() {
    ModelCard first = inService;
    judge(first, WINDOW, WINDOW);
    inService = NEXT;
    judge(inService, WINDOW, 0);
    inService = first;
    assertThat(monitor.takeDrops()).hasSize(1);
    judge(first, WINDOW, WINDOW);
    assertThat(monitor.takeDrops()).hasSize(1);
  }

  @Test
  void answersOfAnOlderModelThatAreJudgedLateAreItsOwnAndNoAlarm() {
    ModelCard older = inService;
    judge(older, 10, 0);
    inService = NEXT;
    judge(NEXT, 5, 0);
    judge(older, 2 * WINDOW - 10, 2 * WINDOW - 10);

    assertThat(monitor.takeDrops()).isEmpty();
    assertThat(monitor.figures(NEXT).accuracy()).isEqualTo(1);
    assertThat(monitor.before(NEXT))
        .singleElement()
        .satisfies(
            figures -> {
              assertThat(figures.model()).isEqualTo(older.id());
              assertThat(figures.ever()).isEqualTo(2 * WINDOW);
              assertThat(figures.accuracy()).isZero();
            });
  }

  @Test
  void modelsOfLongAgoAreForgotten() {
    for (int i = 0; i < 20; i++) {
      monitor.told("old:" + i, "ant", "ant");
    }
    assertThat(monitor.before(inService))
        .extracting(TruthFigures::model)
        .containsExactly("old:16", "old:17", "old:18", "old:19");
  }
}
