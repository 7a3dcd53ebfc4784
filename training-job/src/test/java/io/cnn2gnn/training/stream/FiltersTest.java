package io.cnn2gnn.training.stream;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class FiltersTest {
  /** Nine images of class 0, one of which is mistaken, then nine of class 1. */
  private static double[][] answers() {
    return IntStream.range(0, 18)
        .mapToObj(i -> (i < 9) == (i != 4) ? new double[] {0.8, 0.2} : new double[] {0.3, 0.7})
        .toArray(double[][]::new);
  }

  private static Map<String, int[]> filtered(float[][] v) {
    return new Filters(answers(), v, 18).all();
  }

  /** What is alike lies together. */
  private static float[][] told() {
    return IntStream.range(0, 18)
        .mapToObj(i -> i < 9 ? new float[] {1, i * 0.001f} : new float[] {i * 0.001f, 1})
        .toArray(float[][]::new);
  }

  @Test
  void aLoneMistakeIsMendedByWhatCameBefore() {
    Map<String, int[]> all = filtered(told());
    for (String filter : new String[] {"smoothing 0.7", "vote 5", "markov 0.9", "markov online"}) {
      assertThat(all.get(filter)[4]).as(filter).isZero();
      assertThat(all.get(filter)[17]).as(filter).isOne();
    }
    assertThat(all.get("smoothing 0.3")[9]).isOne();
  }

  @Test
  void lameMendsItByWhatIsAlikeInTheBatchAndAtOnce() {
    int[] lame = filtered(told()).get("lame");
    assertThat(lame).startsWith(0, 0, 0, 0, 0, 0, 0, 0, 0, 1).endsWith(1, 1);
  }

  @Test
  void aSingleImageKeepsItsAnswer() {
    new Filters(new double[][] {{0.2, 0.8}}, new float[][] {{1, 0}}, 64)
        .all()
        .forEach((filter, answers) -> assertThat(answers).as(filter).containsExactly(1));
  }
}
