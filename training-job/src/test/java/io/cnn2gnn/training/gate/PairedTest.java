package io.cnn2gnn.training.gate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.cnn2gnn.training.gate.Gate.Verdict;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The interval of a gain, and what is made of it. */
class PairedTest {
  private static final double TOLERANCE = 0.005;

  private static Paired differing(int images, int onlyActive, int onlyCandidate) {
    return new Paired(images, 0, onlyActive, onlyCandidate);
  }

  /**
   * Worked by hand. The first is Table V of Fagerland, Lydersen and Laake (21 children, 1 and 7 of
   * whom differ), whose interval at 1.959964 instead of 1.644854 is -0.508 to -0.013.
   */
  @ParameterizedTest
  @CsvSource({
    "21, 7, 1, -0.4686, -0.0532",
    "60, 0, 0, -0.0375, 0.0375",
    "60, 1, 0, -0.0620, 0.0297",
    "60, 2, 1, -0.0754, 0.0431",
    "60, 0, 9, 0.0626, 0.2278",
    "6000, 150, 130, -0.0079, 0.0013",
    "6000, 190, 180, -0.0070, 0.0036"
  })
  void theIntervalIsThatOfBonettAndPrice(
      int images, int onlyActive, int onlyCandidate, double low, double high) {
    Paired paired = differing(images, onlyActive, onlyCandidate);
    assertThat(paired.low()).isCloseTo(low, within(5e-5));
    assertThat(paired.high()).isCloseTo(high, within(5e-5));
  }

  @Test
  void thePublishedIntervalIsMetWithItsQuantile() {
    Paired paired = differing(21, 7, 1);
    double centre = (paired.low() + paired.high()) / 2;
    double half = (paired.high() - paired.low()) / 2 * 1.959964 / 1.644854;
    assertThat(centre - half).isCloseTo(-0.508, within(5e-4));
    assertThat(centre + half).isCloseTo(-0.013, within(5e-4));
  }

  @ParameterizedTest
  @CsvSource({
    // One error more, or none, among 60 is no verdict; twelve are one.
    "60, 1, 0, TOO_FEW",
    "60, 0, 0, TOO_FEW",
    "60, 0, 1, TOO_FEW",
    "60, 12, 0, WORSE",
    "60, 0, 9, WITHIN",
    // Among 6,000 what was measured decides.
    "6000, 150, 130, WITHIN",
    "6000, 170, 130, WORSE",
    "6000, 160, 130, WITHIN",
    "6000, 161, 130, WORSE",
    // Unless the two differ on many.
    "6000, 1000, 975, TOO_FEW",
    // A difference of just the tolerance is within it.
    "1000, 5, 0, WITHIN",
    "1000, 6, 0, WORSE"
  })
  void aVerdictNeedsAClearDifferenceOrEnoughImages(
      int images, int onlyActive, int onlyCandidate, Verdict verdict) {
    assertThat(Gate.verdict(differing(images, onlyActive, onlyCandidate), TOLERANCE))
        .isEqualTo(verdict);
  }

  @Test
  void imagesOnWhichBothAreRightOrWrongSayNothing() {
    Paired right = new Paired(60, 59, 1, 0);
    Paired wrong = new Paired(60, 0, 1, 0);
    assertThat(right.low()).isEqualTo(wrong.low());
    assertThat(right.activeAccuracy()).isEqualTo(1);
    assertThat(right.candidateAccuracy()).isCloseTo(59 / 60.0, within(1e-12));
    assertThat(right.gain()).isCloseTo(-1 / 60.0, within(1e-12));
  }

  @Test
  void countsAreTakenImageByImage() {
    boolean[] active = {true, true, false, false, true};
    boolean[] candidate = {true, false, true, false, false};
    assertThat(Paired.of(active, candidate, List.of())).isEqualTo(new Paired(5, 1, 2, 1));
    assertThatThrownBy(() -> new Paired(3, 2, 1, 1)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void moreRightAnswersOfTheCandidateNeverMakeTheVerdictWorse() {
    for (double tolerance : new double[] {0, 0.005, 0.02, 0.1, 0.5, 1}) {
      for (int images : new int[] {1, 2, 3, 10, 60, 137}) {
        for (int lost = 0; lost <= images; lost++) {
          for (int won = 0; lost + won <= images; won++) {
            Verdict verdict = Gate.verdict(differing(images, lost, won), tolerance);
            if (lost + won < images) {
              assertThat(Gate.verdict(differing(images, lost, won + 1), tolerance))
                  .isGreaterThanOrEqualTo(verdict);
            }
            if (lost > 0) {
              assertThat(Gate.verdict(differing(images, lost - 1, won), tolerance))
                  .isGreaterThanOrEqualTo(verdict);
            }
          }
        }
      }
    }
  }

  @Test
  void aWiderToleranceNeverMakesTheVerdictWorse() {
    Random random = new Random(5);
    for (int trial = 0; trial < 20_000; trial++) {
      int images = 1 + random.nextInt(5_000);
      int lost = random.nextInt(images + 1) / (1 + random.nextInt(50));
      int won = random.nextInt(images - lost + 1) / (1 + random.nextInt(50));
      double tolerance = random.nextDouble() * 0.1;
      Paired paired = differing(images, lost, won);
      assertThat(Gate.verdict(paired, tolerance * (1 + random.nextDouble())))
          .isGreaterThanOrEqualTo(Gate.verdict(paired, tolerance));
    }
  }

  /** The same shares on more images tell no less, and from the number that is named on, enough. */
  @Test
  void fromTheNumberThatIsNamedOnThereIsAVerdict() {
    Random random = new Random(6);
    for (int trial = 0; trial < 2_000; trial++) {
      int images = 20 + random.nextInt(500);
      int lost = random.nextInt(images / 4);
      int won = random.nextInt(images / 4);
      double tolerance = 0.003 + random.nextDouble() * 0.1;
      Paired paired = differing(images, lost, won);
      double times = Math.max(1, 1.02 * paired.needed(tolerance) / images);
      int more = (int) Math.ceil(times * images);
      Paired enough =
          differing(more, (int) Math.round(times * lost), (int) Math.round(times * won));
      assertThat(Gate.verdict(enough, tolerance)).isNotEqualTo(Verdict.TOO_FEW);
      // Counts are whole numbers: a gain of just the tolerance may come to lie beside it.
      boolean isClear = Math.abs(paired.gain() + tolerance) > 1.0 / more;
      if (isClear && Gate.verdict(paired, tolerance) != Verdict.TOO_FEW) {
        assertThat(Gate.verdict(enough, tolerance)).isEqualTo(Gate.verdict(paired, tolerance));
      }
    }
  }

  /** Chance lets two equal models seem worse, and one worse by twice the tolerance as good. */
  @Test
  void chanceDeceivesOnceInTwentyTimesAtMost() {
    Random random = new Random(7);
    int images = 6_000;
    int trials = 2_000;
    int refused = 0;
    int passed = 0;
    for (int trial = 0; trial < trials; trial++) {
      refused += verdict(random, images, 0.02, 0.02) == Verdict.WORSE ? 1 : 0;
      passed += verdict(random, images, 0.025, 0.015) == Verdict.WITHIN ? 1 : 0;
    }
    assertThat(refused).isLessThanOrEqualTo(trials / 20);
    assertThat(passed).isLessThanOrEqualTo(trials / 20);
  }

  /** Six frames of each track, which a model has right or wrong together. */
  @Test
  void framesOfOneTrackDoNotCountAsSixImages() {
    Random random = new Random(8);
    int images = 6_000;
    int trials = 400;
    int refused = 0;
    int refusedAsApart = 0;
    for (int trial = 0; trial < trials; trial++) {
      boolean[] active = new boolean[images];
      boolean[] candidate = new boolean[images];
      List<int[]> tracks = new ArrayList<>();
      for (int first = 0; first < images; first += 6) {
        double chance = random.nextDouble();
        int[] track = new int[6];
        for (int k = 0; k < 6; k++) {
          track[k] = first + k;
          active[first + k] = chance >= 0.02;
          candidate[first + k] = chance < 0.02 || chance >= 0.04;
        }
        tracks.add(track);
      }
      refused += verdict(Paired.of(active, candidate, tracks)) == Verdict.WORSE ? 1 : 0;
      refusedAsApart += verdict(Paired.of(active, candidate, List.of())) == Verdict.WORSE ? 1 : 0;
    }
    assertThat(refused).isLessThanOrEqualTo(trials * 7 / 100);
    assertThat(refusedAsApart).isGreaterThan(trials * 15 / 100);
  }

  @Test
  void whatIsInNoTrackIsByItself() {
    boolean[] active = {true, true, true, false, false, true};
    boolean[] candidate = {false, false, false, true, false, true};
    Paired apart = Paired.of(active, candidate, List.of(new int[] {3}, new int[] {4}));
    assertThat(apart.dependence()).isEqualTo(1);
    Paired together = Paired.of(active, candidate, List.of(new int[] {0, 1, 2}));
    // Differences -1 -1 -1 1 0 0, mean -1/3: ((-2)² + (4/3)² + 2/9 + 2 (9 + 3)/6)/(10/3 + 2)
    assertThat(together.dependence())
        .isCloseTo((4 + 16 / 9.0 + 2 / 9.0 + 4) / (10 / 3.0 + 2), within(1e-12));
    assertThat(together.independent()).isEqualTo(3);
  }

  private static Verdict verdict(Paired paired) {
    return Gate.verdict(paired, TOLERANCE);
  }

  private static Verdict verdict(Random random, int images, double lose, double win) {
    int lost = 0;
    int won = 0;
    for (int i = 0; i < images; i++) {
      double chance = random.nextDouble();
      lost += chance < lose ? 1 : 0;
      won += chance >= lose && chance < lose + win ? 1 : 0;
    }
    return Gate.verdict(differing(images, lost, won), TOLERANCE);
  }
}
