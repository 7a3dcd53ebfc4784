package io.cnn2gnn.training.fit;

import static org.assertj.core.api.Assertions.assertThat;

import io.cnn2gnn.model.net.Student;
import io.cnn2gnn.model.net.StudentSpec;
import io.cnn2gnn.model.torch.Tensor;
import io.cnn2gnn.model.torch.Torch;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class EvidenceFitTest {
  private static final int CLASSES = 6;
  private static final int LENGTH = 5;

  private static final StudentSpec SPEC = SmallStudent.of(CLASSES);

  /**
   * Tracks whose frames lie within a degree of each other. Three images in ten are mistaken.
   *
   * @param sorted whether the tracks of a class lie together, so that being near tells of the class
   */
  private static Frames frames(int tracks, boolean sorted, long seed) {
    Random random = new Random(seed);
    int n = tracks * LENGTH;
    float[] v = new float[2 * n];
    float[] z = new float[CLASSES * n];
    int[] labels = new int[n];
    List<int[]> all = new ArrayList<>();
    for (int t = 0; t < tracks; t++) {
      double middle = (sorted ? t % CLASSES : random.nextDouble() * CLASSES) * 360 / CLASSES;
      for (int k = 0; k < LENGTH; k++) {
        int i = t * LENGTH + k;
        double angle = Math.toRadians(middle + random.nextDouble());
        v[2 * i] = (float) Math.cos(angle);
        v[2 * i + 1] = (float) Math.sin(angle);
        labels[i] = t % CLASSES;
        int said = random.nextDouble() < 0.7 ? labels[i] : random.nextInt(CLASSES);
        z[i * CLASSES + said] = 2;
      }
      all.add(IntStream.range(t * LENGTH, (t + 1) * LENGTH).toArray());
    }
    return new Frames(v, z, labels, all, IntStream.range(0, tracks).toArray());
  }

  private static double at(Map<String, Tensor> tensors, String name) {
    return tensors.get(name).data()[0];
  }

  /** How sure it is that two images at a distance are of one class. */
  private static double reliability(Map<String, Tensor> tensors, String tier, double d) {
    double b = Math.exp(at(tensors, tier + "_b"));
    return 0.98 / (1 + Math.exp(b * d - at(tensors, tier + "_a")));
  }

  private static Map<String, Tensor> fit(boolean sorted, long seed) throws Exception {
    return EvidenceFit.fit(
        SPEC,
        Student.initial(SPEC, 1),
        frames(12, sorted, 1),
        frames(36, sorted, 2),
        seed,
        Torch.device("cpu"));
  }

  @Test
  void whereTheNearAreOfOneClassPrototypesAndRecentImagesAreBelieved() throws Exception {
    Map<String, Tensor> tensors = fit(true, 3);
    assertThat(reliability(tensors, "shown", 0.001)).isGreaterThan(0.9);
    assertThat(reliability(tensors, "heard", 0.001)).isGreaterThan(0.9);
  }

  @Test
  void wherePrototypesSayNothingTheyAreBelievedLess() throws Exception {
    Map<String, Tensor> tensors = fit(false, 3);
    assertThat(reliability(tensors, "shown", 0.001)).isLessThan(0.8);
    assertThat(Math.exp(at(tensors, "shown_strength"))).isLessThan(1);
  }

  @Test
  void whereImagesComeInAnyOrderPrototypesThatSayNothingAreNotHeard() throws Exception {
    Frames frames = frames(36, false, 2);
    int n = frames.size();
    List<int[]> alone = IntStream.range(0, n).mapToObj(i -> new int[] {i}).toList();
    Map<String, Tensor> tensors =
        EvidenceFit.fit(
            SPEC,
            Student.initial(SPEC, 1),
            frames(12, false, 1),
            new Frames(
                frames.v(), frames.z(), frames.labels(), alone, IntStream.range(0, n).toArray()),
            3,
            Torch.device("cpu"));
    assertThat(Math.exp(at(tensors, "shown_strength"))).isLessThan(1e-6);
  }
}
