package io.cnn2gnn.training.gate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.Device;
import io.cnn2gnn.model.bundle.Bundle;
import io.cnn2gnn.model.graph.Candidates;
import io.cnn2gnn.model.inference.BankMatrix;
import io.cnn2gnn.model.inference.Query;
import io.cnn2gnn.model.inference.StudentModel;
import io.cnn2gnn.training.TestBundles;
import io.cnn2gnn.training.data.Frame;
import io.cnn2gnn.training.data.ImageSet;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class GateTest {
  private static final int IMAGES = 80;

  /** Untrained models take the same time but for what the machine does meanwhile. */
  private static final GateOptions ANY_TIME = new GateOptions(0.005, 1000, WhenTooFew.REFUSE, 1);

  private static final Bundle GOOD = TestBundles.untrained("m", "1", Map.of());
  private static final Bundle SWAPPED = TestBundles.swapped(GOOD, "2");

  /** Noise that is called what the good model calls it when it stands alone. */
  private static ImageSet heldOut() throws Exception {
    byte[] pixels = TestBundles.noise(IMAGES, 5);
    int[] labels = new int[IMAGES];
    try (StudentModel model = StudentModel.open(GOOD, Device.cpu(), Candidates.BOTH);
        BankMatrix bank = model.newBank(0)) {
      for (int i = 0; i < IMAGES; i++) {
        byte[] one = Arrays.copyOfRange(pixels, i * 64, (i + 1) * 64);
        Query query = new Query("image-" + i, one, Optional.empty());
        String label = model.classify(List.of(query), bank).get(0).label();
        labels[i] = GOOD.card().classes().indexOf(label);
      }
    }
    return new ImageSet("noise", 8, 8, 1, pixels, labels, List.of("ant", "bee"));
  }

  private static GateResult compare(Bundle active, Bundle candidate, ImageSet images)
      throws Exception {
    return Gate.compare(active, candidate, images, ANY_TIME, Device.cpu());
  }

  @Test
  void ofAnEqualModelEightyImagesAreTooFewToTell() throws Exception {
    GateResult result = compare(GOOD, GOOD, heldOut());
    assertThat(result).isInstanceOf(GateResult.TooFew.class);
    assertThat(result.reason()).startsWith("too few to tell: 80 images differ on 0; about 470 are");
    assertThat(result.figures())
        .containsOnlyKeys(
            "images",
            "active.accuracy",
            "candidate.accuracy",
            "active.alone",
            "candidate.alone",
            "gain.low",
            "gain.high",
            "active.accuracyBatch1",
            "candidate.accuracyBatch1",
            "active.aloneBatch1",
            "candidate.aloneBatch1",
            "gain.lowBatch1",
            "gain.highBatch1",
            "active.millisPerImage",
            "candidate.millisPerImage")
        .containsEntry("images", 80.0)
        .containsEntry("active.accuracyBatch1", 1.0)
        .containsEntry("candidate.accuracyBatch1", 1.0);
    assertThat(result.figures().get("candidate.accuracy"))
        .isEqualTo(result.figures().get("active.accuracy"))
        .isGreaterThan(0.5);
    assertThat(result.figures().get("active.millisPerImage")).isPositive();
  }

  @Test
  void aWorseModelIsRefusedWithTheFigures() throws Exception {
    GateResult result = compare(GOOD, SWAPPED, heldOut());
    assertThat(result).isInstanceOf(GateResult.Refused.class);
    assertThat(result.figures())
        .containsEntry("candidate.accuracyBatch1", 0.0)
        .containsEntry("active.accuracyBatch1", 1.0);
    assertThat(result.reason())
        .startsWith("refused by the gate: accuracy is lower by ")
        .contains(
            "accuracy one by one is lower by 1.0000, more than 0.005",
            "on 80 images held out",
            "m:2 answers a share of",
            "0.0000 one by one (1.0000; they differ on 80, gain -",
            "ms an image");
    assertThat(compare(SWAPPED, GOOD, heldOut())).isInstanceOf(GateResult.Passed.class);
  }

  @Test
  void imagesAreBroughtToEachModelsSizeAndAClassItDoesNotKnowIsAWrongAnswer() throws Exception {
    ImageSet images = heldOut();
    int[] labels = images.labels().clone();
    Arrays.fill(labels, 0, IMAGES / 4, 2);
    ImageSet more = images.with(labels, List.of("ant", "bee", "cat"));
    Map<String, Double> figures = compare(GOOD, GOOD, more).figures();
    assertThat(figures).containsEntry("active.accuracyBatch1", 0.75);
    ImageSet large = images.to(new Frame(16, 16, 3).spec());
    assertThat(compare(GOOD, GOOD, large).figures().get("active.accuracyBatch1"))
        .isBetween(0.5, 1.0);
  }

  /** Of a candidate that is right where the active model is but for some, and slower or not. */
  private static GateResult judge(
      int images, int lost, int won, int lostAlone, double millis, GateOptions options) {
    int right = Math.min(images * 9 / 10, images - won) - lost;
    Measured measured =
        new Measured(
            new Paired(images, right, lost, won),
            new Paired(images, right, lostAlone, won),
            0.5,
            millis);
    return Gate.judge("m:1", "m:2", measured, options);
  }

  private static GateResult judge(int images, int lost, int lostAlone, double millis) {
    return judge(images, lost, 0, lostAlone, millis, GateOptions.DEFAULT);
  }

  @Test
  void theToleranceAndTheSlowdownAreLimitsThatMayBeReached() {
    assertThat(judge(1000, 5, 5, 1.0)).isInstanceOf(GateResult.Passed.class);
    assertThat(judge(1000, 6, 0, 0.5)).isInstanceOf(GateResult.Refused.class);
    assertThat(judge(1000, 0, 6, 0.5)).isInstanceOf(GateResult.Refused.class);
    assertThat(judge(1000, 0, 0, 1.01)).isInstanceOf(GateResult.Refused.class);
    assertThat(judge(6000, 130, 150, 130, 0.75, GateOptions.DEFAULT).reason())
        .isEqualTo(
            "passed the gate: on 6000 images held out, m:2 answers a share of 0.9033 rightly in"
                + " batches of 64 (m:1: 0.9000; they differ on 280, gain -0.0013 to +0.0079),"
                + " 0.9033 one by one (0.9000; they differ on 280, gain -0.0013 to +0.0079), and"
                + " takes 0.750 ms an image (0.500)");
  }

  @Test
  void oneErrorAmongSixtyIsNoVerdict() {
    GateResult result = judge(60, 1, 1, 0.5);
    assertThat(result).isInstanceOf(GateResult.TooFew.class);
    assertThat(result.reason())
        .startsWith(
            "too few to tell: 60 images differ on 1; about 1,900 are needed for a tolerance of"
                + " 0.005; on 60 images held out, m:2 answers a share of 0.8833 rightly");
    assertThat(judge(60, 12, 12, 0.5)).isInstanceOf(GateResult.Refused.class);
    assertThat(judge(60, 0, 9, 0, 0.5, GateOptions.DEFAULT)).isInstanceOf(GateResult.Passed.class);
    assertThat(judge(60, 0, 0, 2.0))
        .as("time needs no images")
        .isInstanceOf(GateResult.Refused.class);
  }

  @Test
  void oneAccuracyIsEnoughToBeRefusedAndBothAreNeededToPass() {
    assertThat(judge(6000, 30, 300, 0.5)).isInstanceOf(GateResult.Refused.class);
    GateResult half = judge(6000, 800, 800, 30, 0.5, GateOptions.DEFAULT);
    assertThat(half).isInstanceOf(GateResult.TooFew.class);
    assertThat(half.reason()).contains("6000 images differ on 1600; about 29,000 are needed");
  }

  @Test
  void aToleranceOfNothingAsksForAClearDifference() {
    GateOptions none = new GateOptions(0, 2, WhenTooFew.REFUSE, 1);
    assertThat(judge(6000, 10, 10, 10, 0.5, none).reason())
        .startsWith(
            "too few to tell: 6000 images differ on 20, and a tolerance of 0 asks for a difference"
                + " that is clear;");
    assertThat(judge(6000, 10, 40, 10, 0.5, none)).isInstanceOf(GateResult.Passed.class);
    assertThat(judge(6000, 40, 10, 40, 0.5, none)).isInstanceOf(GateResult.Refused.class);
  }

  @Test
  void imagesWithoutLabelsProveNothing() throws Exception {
    ImageSet images = heldOut();
    ImageSet unknown = images.with(new int[IMAGES], images.classes()).subset(new int[0]);
    assertThatThrownBy(() -> compare(GOOD, GOOD, unknown))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("noise");
  }
}
