package io.cnn2gnn.topology.app;

import io.cnn2gnn.model.inference.BankMatrix;
import io.cnn2gnn.model.inference.Query;
import io.cnn2gnn.model.inference.StudentModel;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Runs the model before the first image does: the script is compiled, native buffers exist, and the
 * slowest time per image is known.
 */
final class WarmUp {
  private static final int SETTLING_RUNS = 3;
  private static final int MEASURED_RUNS = 5;

  private WarmUp() {}

  /** The worst milliseconds per image of a measured full batch against a full bank. */
  static double worstMillisPerImage(StudentModel model, int batch, int bankCapacity) {
    byte[] grey = new byte[model.card().student().input().bytes()];
    List<Query> queries = new ArrayList<>();
    for (int i = 0; i < batch; i++) {
      queries.add(new Query("warm-up-" + i, grey, Optional.empty()));
    }
    double worst = 0;
    try (BankMatrix bank = model.newBank(bankCapacity)) {
      for (int run = 0; run < SETTLING_RUNS + MEASURED_RUNS; run++) {
        long start = System.nanoTime();
        model.classify(queries, bank);
        if (run >= SETTLING_RUNS) {
          worst = Math.max(worst, (System.nanoTime() - start) / 1e6 / batch);
        }
      }
      model.classify(queries.subList(0, 1), bank);
    }
    return worst;
  }
}
