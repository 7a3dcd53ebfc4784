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
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class GateTest {
  private static final int IMAGES = 80;

  /** Untrained models take the same time but for what the machine does meanwhile. */
  private static final GateOptions ANY_TIME = new GateOptions(0.005, 1000, 1);

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
  void anEqualModelPasses() throws Exception {
    GateResult result = compare(GOOD, GOOD, heldOut());
    assertThat(result).isInstanceOf(GateResult.Passed.class);
    assertThat(result.figures())
        .containsOnlyKeys(
            "images",
            "active.accuracy",
            "candidate.accuracy",
            "active.accuracyBatch1",
            "candidate.accuracyBatch1",
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
            "0.0000 one by one (1.0000)",
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

  private static Map<String, Double> figures(double accuracy, double alone, double millis) {
    Map<String, Double> figures = new HashMap<>();
    figures.put("images", 1000.0);
    figures.put("active.accuracy", 0.9);
    figures.put("active.accuracyBatch1", 0.9);
    figures.put("active.millisPerImage", 0.5);
    figures.put("candidate.accuracy", accuracy);
    figures.put("candidate.accuracyBatch1", alone);
    figures.put("candidate.millisPerImage", millis);
    return figures;
  }

  private static boolean passes(double accuracy, double alone, double millis) {
    Map<String, Double> figures = figures(accuracy, alone, millis);
    return Gate.judge("m:1", "m:2", figures, GateOptions.DEFAULT) instanceof GateResult.Passed;
  }

  @Test
  void theToleranceAndTheSlowdownAreLimitsThatMayBeReached() {
    assertThat(passes(0.895, 0.895, 1.0)).isTrue();
    assertThat(passes(0.8949, 0.9, 0.5)).isFalse();
    assertThat(passes(0.9, 0.8949, 0.5)).isFalse();
    assertThat(passes(0.99, 0.99, 1.01)).isFalse();
    assertThat(Gate.judge("m:1", "m:2", figures(0.95, 0.95, 0.75), GateOptions.DEFAULT).reason())
        .isEqualTo(
            "passed the gate: on 1000 images held out, m:2 answers a share of 0.9500 rightly in"
                + " batches of 64 (m:1: 0.9000), 0.9500 one by one (0.9000), and takes 0.750 ms an"
                + " image (0.500)");
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
