package io.cnn2gnn.training;

import ai.djl.Device;
import io.cnn2gnn.model.bundle.Bundle;
import io.cnn2gnn.model.bundle.BundleException;
import io.cnn2gnn.model.bundle.Prototypes;
import io.cnn2gnn.model.bundle.Thumbnails;
import io.cnn2gnn.model.image.InputSpec;
import io.cnn2gnn.model.torch.Torch;
import io.cnn2gnn.training.data.DataSet;
import io.cnn2gnn.training.data.DataSets;
import io.cnn2gnn.training.data.ImageSet;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
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
   * @param bundle the same model, with the metrics in its card and what drift is told by; also with
   *     pictures of its prototypes, if it had none and the data's training split has them
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
    DataSet set = read(bundle, data, classes);
    ImageSet test = test(bundle, set);
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
            withPictures(bundle.prototypes(), set.train(), bundle.card().student().input()),
            bundle.golden()));
  }

  /**
   * The test split of data as a bundle's model takes it, labelled by its class indices.
   *
   * @throws IOException if the data cannot be read or has classes that the model does not know
   */
  public static ImageSet testSplit(Bundle bundle, Path data, List<String> classes)
      throws IOException {
    return test(bundle, read(bundle, data, classes));
  }

  private static DataSet read(Bundle bundle, Path data, List<String> classes) throws IOException {
    InputSpec input = bundle.card().student().input();
    DataSets.Size size = new DataSets.Size(input.height(), input.width());
    return DataSets.read(data, new DataSets.Options(classes, Optional.of(size)));
  }

  private static ImageSet test(Bundle bundle, DataSet set) throws IOException {
    return set.test().inClasses(bundle.card().classes()).to(bundle.card().student().input());
  }

  /** Those that were trained before bundles had pictures get them from the data they name. */
  static Prototypes withPictures(Prototypes prototypes, ImageSet train, InputSpec input) {
    Map<String, Integer> places = new HashMap<>();
    for (int image = 0; image < train.size(); image++) {
      places.put(train.id(image), image);
    }
    if (!prototypes.thumbnails().isEmpty() || !places.keySet().containsAll(prototypes.ids())) {
      return prototypes;
    }
    int[] images = prototypes.ids().stream().mapToInt(places::get).toArray();
    for (int i = 0; i < images.length; i++) {
      // Files of another data set may be called the same.
      if (train.labels()[images[i]] != prototypes.labels().get(i)) {
        return prototypes;
      }
    }
    return new Prototypes(
        prototypes.ids(),
        prototypes.labels(),
        prototypes.rows(),
        Thumbnails.of(input, train.subset(images).to(input).pixels()));
  }
}
