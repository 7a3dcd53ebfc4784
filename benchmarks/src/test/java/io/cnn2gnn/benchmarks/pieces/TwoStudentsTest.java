package io.cnn2gnn.benchmarks.pieces;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.cnn2gnn.model.graph.Ranking;
import io.cnn2gnn.model.image.InputSpec;
import io.cnn2gnn.model.net.Student;
import io.cnn2gnn.model.net.StudentSpec;
import io.cnn2gnn.model.torch.Tensor;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class TwoStudentsTest {
  /** The second convolution keeps the shape of its input. */
  private static final StudentSpec SPEC =
      new StudentSpec(
          new InputSpec(8, 8, 3, List.of(0.5f, 0.4f, 0.3f), List.of(0.25f, 0.2f, 0.3f)),
          List.of(8, 8, 16),
          List.of(2, 1, 1),
          2,
          8,
          16,
          3,
          4,
          0.3f,
          Ranking.LEARNED,
          true);

  private static TwoStudents students() {
    Map<String, Tensor> weights = new TreeMap<>(Student.initial(SPEC, 3));
    Random random = new Random(4);
    // Batch norms and labels that do something.
    weights.replaceAll(
        (name, tensor) -> {
          float[] data = tensor.data().clone();
          for (int i = 0; i < data.length && (name.contains("_") || name.equals("labels")); i++) {
            data[i] += random.nextFloat() / 2;
          }
          return new Tensor(tensor.shape(), data);
        });
    byte[] samples = new byte[12 * SPEC.input().bytes()];
    random.nextBytes(samples);
    return new TwoStudents(SPEC, weights, samples, 40);
  }

  @Test
  void scriptAndBlocksGiveTheSameAnswers() {
    try (TwoStudents students = students()) {
      float[] script = students.answerOfScript();
      assertThat(script).hasSize(36);
      assertThat(students.answerOfBlocks()).containsExactly(script, within(1e-4f));
    }
  }
}
