package io.cnn2gnn.training.fit;

import static org.assertj.core.api.Assertions.assertThat;

import io.cnn2gnn.model.net.Student;
import io.cnn2gnn.model.net.StudentSpec;
import io.cnn2gnn.model.net.Tier;
import io.cnn2gnn.model.torch.Tensor;
import io.cnn2gnn.model.torch.Torch;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class WorthTest {
  private static final int CLASSES = 4;

  private static final StudentSpec SPEC = SmallStudent.of(CLASSES);

  /**
   * Images on a circle, a quarter of it for each class.
   *
   * @param placed share of those that lie in their own class's quarter; the others lie anywhere
   * @param right share of those whose own answer is right
   */
  private static Frames frames(int n, double placed, double right, long seed) {
    Random random = new Random(seed);
    float[] v = new float[2 * n];
    float[] z = new float[CLASSES * n];
    int[] labels = new int[n];
    for (int i = 0; i < n; i++) {
      labels[i] = i % CLASSES;
      int quarter = random.nextDouble() < placed ? labels[i] : random.nextInt(CLASSES);
      double angle = Math.toRadians((quarter + 0.2 + 0.6 * random.nextDouble()) * 360 / CLASSES);
      v[2 * i] = (float) Math.cos(angle);
      v[2 * i + 1] = (float) Math.sin(angle);
      int said = random.nextDouble() < right ? labels[i] : random.nextInt(CLASSES);
      z[i * CLASSES + said] = 1;
    }
    List<int[]> alone = IntStream.range(0, n).mapToObj(i -> new int[] {i}).toList();
    return new Frames(v, z, labels, alone, IntStream.range(0, n).toArray());
  }

  private static Set<Tier> idle(Frames shown, Frames frames) throws Exception {
    return new Worth(SPEC, shown, frames, 1, Torch.device("cpu")).idle(Student.initial(SPEC, 1));
  }

  @Test
  void prototypesThatKnowMoreThanTheImagesAreHeard() throws Exception {
    assertThat(idle(frames(80, 1, 1, 1), frames(400, 1, 0.5, 2))).doesNotContain(Tier.PROTOTYPES);
  }

  @Test
  void recentImagesThatKnowMoreThanTheImagesAreHeardWherePrototypesKnowNothing() throws Exception {
    Map<String, Tensor> loud = new LinkedHashMap<>(Student.initial(SPEC, 1));
    loud.put("heard_strength", Tensor.filled(2, 1));
    assertThat(
            new Worth(SPEC, frames(80, 0, 1, 1), frames(400, 1, 0.5, 2), 1, Torch.device("cpu"))
                .idle(loud))
        .containsExactly(Tier.PROTOTYPES);
  }

  @Test
  void whereNeighboursKnowNothingNeitherPrototypesNorRecentImagesAreHeard() throws Exception {
    assertThat(idle(frames(80, 0, 1, 1), frames(400, 0, 0.9, 2)))
        .containsExactlyInAnyOrder(Tier.PROTOTYPES, Tier.RECENT);
  }

  @Test
  void aGainPaysIfItIsMoreThanTwoStandardErrors() {
    int[] none = new int[8];
    assertThat(Worth.pays(none, none)).isFalse();
    assertThat(Worth.pays(new int[] {1, 1, 1, 1, 1, 1, 1, 0}, none)).isTrue();
    assertThat(Worth.pays(new int[] {1, 1, 1, 1, 1, 1, 0, 0}, new int[] {0, 0, 0, 0, 0, 0, 1, 0}))
        .isFalse();
  }
}
