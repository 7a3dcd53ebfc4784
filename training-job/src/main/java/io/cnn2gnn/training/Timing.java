package io.cnn2gnn.training;

import ai.djl.Device;
import com.google.common.math.Quantiles;
import io.cnn2gnn.model.bundle.Bundle;
import io.cnn2gnn.model.bundle.BundleException;
import io.cnn2gnn.model.graph.Candidates;
import io.cnn2gnn.model.inference.BankMatrix;
import io.cnn2gnn.model.inference.Query;
import io.cnn2gnn.model.inference.StudentModel;
import io.cnn2gnn.training.data.ImageSet;
import io.cnn2gnn.training.teacher.Responder;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Milliseconds per decoded image in batches of 64, as the median over rounds in which student and
 * teacher take turns, so that whatever else the machine does falls on both.
 */
final class Timing {
  private static final int WARM_UP = 5;
  private static final int ROUNDS = 25;

  private Timing() {}

  /** Times a student with the prototypes in its bank, and a teacher if there is one. */
  static Map<String, Double> of(
      Bundle bundle, Optional<Responder> teacher, ImageSet test, Device device)
      throws BundleException {
    int batch = Math.min(Evaluation.BATCH, test.size());
    List<Query> queries =
        IntStream.range(0, batch).mapToObj(i -> Evaluation.query(test, i)).toList();
    byte[] samples = test.samples(0, batch);
    double[] student = new double[ROUNDS];
    double[] other = new double[ROUNDS];
    try (StudentModel model = StudentModel.open(bundle, device, Candidates.BOTH);
        BankMatrix bank = model.newBank(0)) {
      for (int round = -WARM_UP; round < ROUNDS; round++) {
        long begin = System.nanoTime();
        model.classify(queries, bank);
        long middle = System.nanoTime();
        teacher.ifPresent(t -> t.logits(samples));
        long end = System.nanoTime();
        if (round >= 0) {
          student[round] = (middle - begin) / 1e6 / batch;
          other[round] = (end - middle) / 1e6 / batch;
        }
      }
    }
    Map<String, Double> millis = new LinkedHashMap<>();
    millis.put("millisPerImage", Quantiles.median().compute(student));
    if (teacher.isPresent()) {
      millis.put("teacherMillisPerImage", Quantiles.median().compute(other));
    }
    return millis;
  }
}
