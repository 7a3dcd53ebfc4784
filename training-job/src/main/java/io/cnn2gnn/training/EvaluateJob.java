package io.cnn2gnn.training;

import io.cnn2gnn.model.bundle.Bundle;
import io.cnn2gnn.model.bundle.BundleException;
import io.cnn2gnn.model.graph.Candidates;
import io.cnn2gnn.model.inference.StudentModel;
import io.cnn2gnn.model.torch.Torch;
import io.cnn2gnn.training.data.Idx;
import io.cnn2gnn.training.data.ImageSet;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/** Measures a bundle on a test split. */
public final class EvaluateJob {
  private EvaluateJob() {}

  /**
   * Runs the evaluation.
   *
   * @return {@code images} and the accuracies by name
   */
  public static Map<String, Double> run(Path file, Path data, long seed, String device)
      throws IOException, BundleException {
    Bundle bundle = Bundle.read(file);
    ImageSet test = Idx.read(data, bundle.card().classes()).test();
    var input = bundle.card().student().input();
    if (test.height() != input.height()
        || test.width() != input.width()
        || test.channels() != input.channels()) {
      throw new IOException(
          "%s holds images of %d x %d, the model takes %d x %d"
              .formatted(data, test.width(), test.height(), input.width(), input.height()));
    }
    try (StudentModel model = StudentModel.open(bundle, Torch.device(device), Candidates.BOTH)) {
      Map<String, Double> metrics = new LinkedHashMap<>();
      metrics.put("images", (double) test.size());
      metrics.putAll(Evaluation.student(model, test, seed));
      return metrics;
    }
  }
}
