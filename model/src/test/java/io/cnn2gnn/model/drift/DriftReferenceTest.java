package io.cnn2gnn.model.drift;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

class DriftReferenceTest {
  private static final List<String> CLASSES = List.of("ant", "bee", "cat", "dog");
  private static final DriftReference REFERENCE = learn(answers(5_000, 1));

  /** Classes alike in share, confidence and distance with a tail, as models have them. */
  private static List<Observation> answers(int count, long seed) {
    Random random = new Random(seed);
    List<Observation> answers = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      float confidence = (float) (1 - 0.5 * Math.pow(random.nextDouble(), 4));
      float distance = (float) (0.02 * -Math.log(1 - random.nextDouble()));
      answers.add(
          new Observation(
              CLASSES.get(random.nextInt(CLASSES.size())), confidence, distance, Optional.empty()));
    }
    return answers;
  }

  private static DriftReference learn(List<Observation> heldOut) {
    return DriftReference.learn(heldOut, 1).orElseThrow();
  }

  private static DriftVerdict judge(UnaryOperator<Observation> change) {
    return REFERENCE.judge(answers(DriftReference.WINDOW, 7).stream().map(change).toList());
  }

  @Test
  void windowsOfTheSameKindAreNoDrift() {
    for (long seed = 100; seed < 1_100; seed++) {
      DriftVerdict verdict = REFERENCE.judge(answers(DriftReference.WINDOW, seed));
      assertThat(verdict.objections()).as("window of seed %d", seed).isEmpty();
      assertThat(verdict.isDrift()).isFalse();
    }
  }

  @Test
  void windowsOfTheSameKindAreNoDriftThoughFewImagesWereHeldOut() {
    int alarms = 0;
    for (long seed = 0; seed < 40; seed++) {
      DriftReference reference = learn(answers(150, seed));
      for (long window = 0; window < 10; window++) {
        alarms +=
            reference.judge(answers(DriftReference.WINDOW, 1_000 + 10 * seed + window)).isDrift()
                ? 1
                : 0;
      }
    }
    assertThat(alarms).isZero();
  }

  @Test
  void lessConfidenceIsDrift() {
    DriftVerdict verdict =
        judge(o -> new Observation(o.label(), o.confidence() - 0.1f, o.distance(), o.truth()));
    assertThat(verdict.objections()).singleElement().asString().contains("mean confidence");
  }

  @Test
  void imagesFartherFromAllPrototypesAreDrift() {
    DriftVerdict verdict =
        judge(o -> new Observation(o.label(), o.confidence(), 1.5f * o.distance(), o.truth()));
    assertThat(verdict.objections())
        .anySatisfy(o -> assertThat(o).contains("nearest prototype is"));
  }

  @Test
  void aFewImagesOfNothingKnownAreDriftThoughTheMeanHardlyMoves() {
    List<Observation> window = new ArrayList<>(answers(DriftReference.WINDOW, 7));
    float far = (float) REFERENCE.farDistance() * 1.05f;
    for (int i = 0; i < 25; i++) {
      Observation o = window.get(i);
      window.set(i, new Observation(o.label(), o.confidence(), far, o.truth()));
    }
    DriftVerdict verdict = REFERENCE.judge(window);
    assertThat(verdict.objections()).singleElement().asString().contains("no near prototype");
    assertThat(verdict.farShare()).isGreaterThan(0.05);
  }

  @Test
  void anotherMixOfClassesIsDrift() {
    DriftVerdict verdict =
        judge(
            o ->
                new Observation(
                    o.label().equals("ant") ? "bee" : o.label(),
                    o.confidence(),
                    o.distance(),
                    o.truth()));
    assertThat(verdict.objections()).singleElement().asString().contains("class mix");
    assertThat(verdict.mixDistance()).isEqualTo(0.25, within(0.05));
  }

  @Test
  void aClassThatWasNeverAnsweredBeforeCountsAsMoved() {
    DriftVerdict verdict =
        judge(o -> new Observation("eel", o.confidence(), o.distance(), o.truth()));
    assertThat(verdict.mixDistance()).isEqualTo(1, within(1e-9));
  }

  @Test
  void theFewerImagesWereHeldOutTheWiderTheLimits() {
    DriftReference few = learn(answers(120, 3));
    assertThat(few.highMixDistance()).isGreaterThan(1.2 * REFERENCE.highMixDistance());
  }

  @Test
  void fewerThanAHundredImagesTeachNothing() {
    assertThat(DriftReference.learn(answers(99, 1), 1)).isEmpty();
    assertThat(DriftReference.learn(answers(100, 1), 1)).isPresent();
  }

  @Test
  void aCardKeepsIt() {
    Map<String, Double> card = new TreeMap<>(Map.of("accuracy", 0.9));
    card.putAll(REFERENCE.metrics());
    assertThat(DriftReference.of(card)).contains(REFERENCE);
    assertThat(DriftReference.without(card)).containsOnlyKeys("accuracy");
    assertThat(DriftReference.of(DriftReference.without(card))).isEmpty();
  }

  @Test
  void halfAReferenceIsAnErrorThatSaysWhatIsMissing() {
    Map<String, Double> card = new TreeMap<>(REFERENCE.metrics());
    card.remove("drift.highFarShare");
    assertThatThrownBy(() -> DriftReference.of(card)).hasMessageContaining("drift.highFarShare");
  }

  @Test
  void statisticsCountRightAnswersWhereTheLabelIsKnown() {
    DriftStatistics statistics =
        DriftStatistics.of(
            List.of(
                new Observation("ant", 0.9f, 0.1f, Optional.of("ant")),
                new Observation("ant", 0.7f, 0.3f, Optional.of("bee")),
                new Observation("bee", 0.8f, 0.2f, Optional.empty()),
                new Observation("bee", 0.6f, 0.2f, Optional.of("bee"))));
    assertThat(statistics.metrics())
        .containsEntry("images", 4.0)
        .containsEntry("labelled", 3.0)
        .containsEntry("accuracy", 2.0 / 3)
        .containsEntry("mix.ant", 0.5)
        .containsEntry("mix.bee", 0.5);
    assertThat(statistics.confidence()).isEqualTo(0.75, within(1e-6));
    assertThat(statistics.distance()).isEqualTo(0.2, within(1e-6));
  }
}
