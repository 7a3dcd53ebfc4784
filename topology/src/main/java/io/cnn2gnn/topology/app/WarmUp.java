package io.cnn2gnn.topology.app;

import io.cnn2gnn.model.image.DecodeCost;
import io.cnn2gnn.model.image.DecoderChoice;
import io.cnn2gnn.model.inference.BankMatrix;
import io.cnn2gnn.model.inference.BankRow;
import io.cnn2gnn.model.inference.Query;
import io.cnn2gnn.model.inference.StudentModel;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/**
 * Runs the model before the first image does: the script is compiled, native buffers exist, and the
 * slowest time per image is known.
 */
final class WarmUp {
  private static final int SETTLING_RUNS = 3;
  private static final int MEASURED_RUNS = 5;

  private WarmUp() {}

  /**
   * Measures the decoders, beside whatever else there is to do at a start: the first real image
   * does not load them, and what one may cost is known.
   */
  static Supplier<DecodeCost> decoders(DecoderChoice choice) {
    return CompletableFuture.supplyAsync(() -> DecodeCost.measure(choice))::join;
  }

  /** The worst milliseconds per image of inference: full batches against a full bank. */
  static double worstMillisPerImage(StudentModel model, int batch, int bankCapacity) {
    byte[] grey = new byte[model.card().student().input().bytes()];
    List<Query> queries = new ArrayList<>();
    for (int i = 0; i < batch; i++) {
      queries.add(new Query("warm-up-" + i, grey, Optional.empty()));
    }
    double worst = 0;
    try (BankMatrix bank = model.newBank(bankCapacity)) {
      BankRow row = model.classify(queries.subList(0, 1), bank).get(0).row();
      bank.add(Collections.nCopies(bankCapacity, row));
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
