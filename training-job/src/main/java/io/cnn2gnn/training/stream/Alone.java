package io.cnn2gnn.training.stream;

import io.cnn2gnn.model.inference.Query;
import io.cnn2gnn.model.inference.StudentModel;
import io.cnn2gnn.training.data.ImageSet;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * What a model makes of each image of a set by itself.
 *
 * @param p probabilities [images][classes that it knows]
 * @param v metric vectors [images][projection]
 */
record Alone(double[][] p, float[][] v) {
  private static final int BATCH = 64;

  static Alone of(StudentModel model, ImageSet set) {
    double[][] p = new double[set.size()][];
    float[][] v = new float[set.size()][];
    for (int from = 0; from < p.length; from += BATCH) {
      List<Query> queries =
          IntStream.range(from, Math.min(p.length, from + BATCH))
              .mapToObj(
                  i -> new Query(Integer.toString(i), set.samples(i, i + 1), Optional.empty()))
              .toList();
      List<double[]> probabilities = model.alone(queries);
      List<StudentModel.Embedded> embedded = model.embed(queries);
      for (int k = 0; k < queries.size(); k++) {
        p[from + k] = probabilities.get(k);
        v[from + k] = embedded.get(k).metric();
      }
    }
    return new Alone(p, v);
  }

  /** Those of these images, in this order. */
  Alone of(int[] images) {
    return new Alone(
        Arrays.stream(images).mapToObj(i -> p[i]).toArray(double[][]::new),
        Arrays.stream(images).mapToObj(i -> v[i]).toArray(float[][]::new));
  }
}
