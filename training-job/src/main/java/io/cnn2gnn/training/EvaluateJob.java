package io.cnn2gnn.training;

import ai.djl.Device;
import io.cnn2gnn.model.bundle.Bundle;
import io.cnn2gnn.model.bundle.BundleException;
import io.cnn2gnn.model.image.InputSpec;
import io.cnn2gnn.model.torch.Torch;
import io.cnn2gnn.training.data.DataSets;
import io.cnn2gnn.training.data.ImageSet;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Measures a bundle on a test split. */
public final class EvaluateJob {
  private EvaluateJob() {}

  /**
   * What was measured.
   *
   * @param figures {@code images}, the metrics of {@link Evaluation} and {@code millisPerImage}
   * @param bundle the same model, with the metrics in its card and what drift is told by
   */
  public record Result(Map<String, Double> figures, Bundle bundle) {}

  /**
   * Runs the evaluation; images of another size are brought to the model's.
   *
   * @param classes names by index, as for training; empty to take them from the data
   * @throws IOException if the data cannot be read or has classes that the model does not know
   */
  public static Result run(Path file, Path data, List<String> classes, long seed, String device)
      throws IOException, BundleException {
    Bundle bundle = Bundle.read(file);
    ImageSet test = testSplit(bundle, data, classes);
    Device on = Torch.device(device);
    Map<String, Double> metrics = new LinkedHashMap<>();
    Evaluation evaluation = Evaluation.of(bundle, test, seed, on);
    metrics.putAll(evaluation.metrics());
    metrics.putAll(Timing.of(bundle, Optional.empty(), test, on));
    return new Result(
        metrics,
        new Bundle(
            bundle.card().with(evaluation.addedTo(bundle.card().metrics())),
            bundle.weights(),
            bundle.prototypes(),
            bundle.golden()));
  }

  /**
   * The test split of data as a bundle's model takes it, labelled by its class indices.
   *
   * @throws IOException if the data cannot be read or has classes that the model does not know
   */
  public static ImageSet testSplit(Bundle bundle, Path data, List<String> classes)
      throws IOException {
    InputSpec input = bundle.card().student().input();
    DataSets.Size size = new DataSets.Size(input.height(), input.width());
    ImageSet read = DataSets.read(data, new DataSets.Options(classes, Optional.of(size))).test();
    return read.inClasses(bundle.card().classes()).to(input);
  }
}
