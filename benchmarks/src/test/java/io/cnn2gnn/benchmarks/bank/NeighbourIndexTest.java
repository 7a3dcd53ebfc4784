package io.cnn2gnn.benchmarks.bank;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class NeighbourIndexTest {
  static Stream<NeighbourIndex> indexes() {
    return Stream.of(new Hnswlib(), new Jvector(), new Lucene());
  }

  private static float[][] vectors(int count, long seed) {
    Random random = new Random(seed);
    float[][] vectors = new float[count][8];
    for (float[] vector : vectors) {
      for (int i = 0; i < vector.length; i++) {
        vector[i] = (float) random.nextGaussian();
      }
    }
    return vectors;
  }

  @ParameterizedTest
  @MethodSource("indexes")
  void findsNearlyAllOfTheNearest(NeighbourIndex made) {
    float[][] vectors = vectors(500, 1);
    int found = 0;
    try (NeighbourIndex index = made) {
      index.build(vectors);
      for (float[] query : vectors(20, 2)) {
        int[] truth = BankBenchmark.nearest(vectors, query, 5);
        int[] ids = index.search(query, 5);
        assertThat(ids).hasSize(5).doesNotHaveDuplicates();
        found +=
            (int)
                Arrays.stream(ids)
                    .filter(id -> Arrays.stream(truth).anyMatch(t -> t == id))
                    .count();
      }
    }
    assertThat(found).isBetween(90, 100);
  }
}
