package io.cnn2gnn.model.inference;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.cnn2gnn.model.bundle.Bundle;
import io.cnn2gnn.model.bundle.Golden;
import io.cnn2gnn.model.bundle.ModelCard;
import io.cnn2gnn.model.bundle.Prototypes;
import io.cnn2gnn.model.graph.Candidates;
import io.cnn2gnn.model.net.Images;
import io.cnn2gnn.model.net.Student;
import io.cnn2gnn.model.net.StudentSpec;
import io.cnn2gnn.model.torch.Tensor;
import io.cnn2gnn.model.torch.TorchModule;
import java.util.List;
import java.util.Map;

/**
 * Makes a bundle of trained tensors: lets the student embed the prototypes, in a graph of
 * themselves, and record its golden answers beside them.
 */
public final class BundleAssembly {
  private BundleAssembly() {}

  /**
   * Labelled images.
   *
   * @param pixels uint8 samples, image after image
   */
  public record Labelled(List<String> ids, List<Integer> labels, byte[] pixels) {}

  /**
   * Assembles a bundle.
   *
   * @param card whose space is that of the weights
   * @param weights the student's tensors in training form
   * @param prototypes training images, balanced over the classes
   * @param golden uint8 samples of a few held-out images
   */
  public static Bundle assemble(
      ModelCard card,
      Map<String, Tensor> weights,
      Labelled prototypes,
      byte[] golden,
      Device device) {
    StudentSpec spec = card.student();
    try (TorchModule module =
            TorchModule.frozen(Student.serving(spec, weights, Candidates.BOTH), device);
        TorchModule alone =
            TorchModule.frozen(Student.serving(spec, weights, Candidates.BANK), device);
        NDManager scope = module.newManager()) {
      NDArray empty = scope.zeros(new Shape(0, spec.rowLength()));
      NDArray nobody = scope.create(new long[0]);
      NDArray keep = scope.create(spec.keep());
      NDArray known = scope.create(prototypes.labels().stream().mapToLong(y -> y + 1L).toArray());
      NDArray images = Images.batch(scope, spec.input(), prototypes.pixels());
      NDArray rows = module.run("forward", images, known, empty, nobody, keep).get(1);
      NDArray batch = Images.batch(scope, spec.input(), golden);
      NDArray unknown = scope.zeros(new Shape(batch.getShape().get(0)), DataType.INT64);
      float[] logits =
          alone.run("forward", batch, unknown, rows, known, keep).head().toFloatArray();
      float[] samples = new float[golden.length];
      for (int i = 0; i < golden.length; i++) {
        samples[i] = golden[i] & 255;
      }
      return new Bundle(
          card,
          weights,
          new Prototypes(
              prototypes.ids(),
              prototypes.labels(),
              new Tensor(rows.getShape().getShape(), rows.toFloatArray())),
          new Golden(
              new Tensor(batch.getShape().getShape(), samples),
              new Tensor(new long[] {batch.getShape().get(0), spec.classes()}, logits)));
    }
  }
}
