package io.cnn2gnn.model.inference;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.cnn2gnn.model.bundle.Bundle;
import io.cnn2gnn.model.net.Student;
import io.cnn2gnn.model.torch.ScriptModule;
import io.cnn2gnn.model.torch.Tensor;
import io.cnn2gnn.model.torch.TorchModule;

/**
 * A student as one TorchScript file, for Triton, TorchServe, C++ or a notebook: stem, graph and
 * head, the prototypes beside them. It answers an image as the service does where nothing came
 * before and nobody has labelled anything; an answer does not depend on the images beside it, since
 * an inference server batches whatever it has.
 *
 * @param archive the file
 * @param checked how many golden images it has answered as the bundle says
 * @param difference the largest of a logit
 */
public record TorchScriptExport(byte[] archive, int checked, double difference) {
  /** The file within the archive that has the model card. */
  public static final String CARD = "card.json";

  /**
   * Writes a student and lets the file answer the bundle's golden images, all at once.
   *
   * @throws SelfTestException if it answers otherwise than the bundle says
   */
  public static TorchScriptExport of(Bundle bundle) {
    ScriptModule script =
        Student.exported(
                bundle.card().student(),
                bundle.weights(),
                bundle.prototypes().rows(),
                bundle.prototypes().labels(),
                bundle.golden().images(),
                bundle.golden().logits())
            .extra(CARD, bundle.cardJson());
    Tensor images = bundle.golden().images();
    float[] expected = bundle.golden().logits().data();
    double difference = 0;
    try (TorchModule module = TorchModule.frozen(script, Device.cpu());
        NDManager scope = module.newManager()) {
      NDArray batch = scope.create(images.data(), new Shape(images.shape()));
      float[] logits = module.run("forward", batch).head().toFloatArray();
      for (int i = 0; i < expected.length; i++) {
        double off = Math.abs(logits[i] - expected[i]);
        if (!(off <= StudentModel.GOLDEN_TOLERANCE * (1 + Math.abs(expected[i])))) {
          throw new SelfTestException(
              "the exported %s fails its self-test: a logit of golden image %d is %s, not %s"
                  .formatted(
                      bundle.card().id(),
                      i / bundle.card().student().classes(),
                      logits[i],
                      expected[i]));
        }
        difference = Math.max(difference, off);
      }
    }
    return new TorchScriptExport(script.toArchive(), (int) images.shape()[0], difference);
  }
}
