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
import io.cnn2gnn.model.bundle.Thumbnails;
import io.cnn2gnn.model.graph.Candidates;
import io.cnn2gnn.model.net.Head;
import io.cnn2gnn.model.net.Images;
import io.cnn2gnn.model.net.Student;
import io.cnn2gnn.model.net.StudentSpec;
import io.cnn2gnn.model.torch.Tensor;
import io.cnn2gnn.model.torch.TorchModule;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;

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
    if (spec.head() == Head.EVIDENCE) {
      return evidence(card, weights, prototypes, golden, device);
    }
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
      return bundle(card, weights, prototypes, rows, batch, golden, logits);
    }
  }

  /** Prototypes say their labels only: their rows have the metric vector and nothing else. */
  private static Bundle evidence(
      ModelCard card,
      Map<String, Tensor> weights,
      Labelled prototypes,
      byte[] golden,
      Device device) {
    try (TorchModule alone =
            TorchModule.frozen(Student.serving(card.student(), weights, Candidates.BANK), device);
        NDManager scope = alone.newManager()) {
      NDArray images = Images.batch(scope, card.student().input(), prototypes.pixels());
      NDArray v = alone.run("stem", images).get(1);
      return evidence(card, weights, prototypes, v, golden, alone, scope);
    }
  }

  private static Bundle evidence(
      ModelCard card,
      Map<String, Tensor> weights,
      Labelled prototypes,
      NDArray v,
      byte[] golden,
      TorchModule alone,
      NDManager scope) {
    StudentSpec spec = card.student();
    NDArray rows = v.concat(scope.zeros(new Shape(v.getShape().get(0), spec.classes())), 1);
    NDArray batch = Images.batch(scope, spec.input(), golden);
    long[] none = new long[(int) batch.getShape().get(0)];
    NDArray nothing = scope.create(new long[0]);
    NDArray nobody = scope.zeros(new Shape(0, spec.projection()));
    float[] logits =
        alone
            .run(
                "serve",
                batch,
                scope.create(none),
                nobody,
                nothing,
                nothing,
                nothing,
                v,
                scope.create(prototypes.labels().stream().mapToLong(y -> y).toArray()),
                nobody,
                scope.zeros(new Shape(0, spec.classes())),
                scope.create(none),
                nothing,
                scope.zeros(new Shape(0)))
            .head()
            .toFloatArray();
    return bundle(card, weights, prototypes, rows, batch, golden, logits);
  }

  /**
   * The same model, but one that does not know some of its classes: what a study of labels needs.
   *
   * @param bundle of a student with {@link Head#EVIDENCE}
   */
  public static Bundle without(Bundle bundle, Set<String> hidden, Device device) {
    ModelCard card = bundle.card();
    StudentSpec spec = card.student();
    List<String> classes = card.classes().stream().filter(c -> !hidden.contains(c)).toList();
    int[] kept = classes.stream().mapToInt(card.classes()::indexOf).toArray();
    Map<String, Tensor> weights = new LinkedHashMap<>(bundle.weights());
    weights.replaceAll((name, tensor) -> columns(name, tensor, kept));
    StudentSpec fewer =
        new StudentSpec(
            spec.input(),
            spec.widths(),
            spec.strides(),
            spec.pool(),
            spec.projection(),
            spec.hidden(),
            kept.length,
            spec.neighbours(),
            spec.mix(),
            spec.ranking(),
            spec.labels(),
            spec.head());
    Prototypes all = bundle.prototypes();
    int[] shown =
        IntStream.range(0, all.size())
            .filter(i -> classes.contains(card.classes().get(all.labels().get(i))))
            .toArray();
    float[] v = new float[shown.length * spec.projection()];
    for (int i = 0; i < shown.length; i++) {
      int from = shown[i] * spec.rowLength();
      System.arraycopy(all.rows().data(), from, v, i * spec.projection(), spec.projection());
    }
    Labelled prototypes =
        new Labelled(
            Arrays.stream(shown).mapToObj(all.ids()::get).toList(),
            Arrays.stream(shown)
                .map(i -> classes.indexOf(card.classes().get(all.labels().get(i))))
                .boxed()
                .toList(),
            new byte[0]);
    float[] samples = bundle.golden().images().data();
    byte[] golden = new byte[samples.length];
    for (int i = 0; i < golden.length; i++) {
      golden[i] = (byte) Math.round(samples[i]);
    }
    ModelCard other =
        new ModelCard(
            card.name(),
            card.version(),
            Bundle.space(weights),
            classes,
            fewer,
            card.data(),
            card.teacher(),
            card.command(),
            card.seed(),
            Map.of());
    try (TorchModule alone =
            TorchModule.frozen(Student.serving(fewer, weights, Candidates.BANK), device);
        NDManager scope = alone.newManager()) {
      NDArray vectors = scope.create(v, new Shape(shown.length, spec.projection()));
      return evidence(other, weights, prototypes, vectors, golden, alone, scope);
    }
  }

  private static Tensor columns(String name, Tensor tensor, int[] kept) {
    if (!name.equals("w2") && !name.equals("b2")) {
      return tensor;
    }
    int classes = (int) tensor.shape()[tensor.shape().length - 1];
    int rows = tensor.data().length / classes;
    float[] data = new float[rows * kept.length];
    for (int r = 0; r < rows; r++) {
      for (int c = 0; c < kept.length; c++) {
        data[r * kept.length + c] = tensor.data()[r * classes + kept[c]];
      }
    }
    long[] shape = tensor.shape().clone();
    shape[shape.length - 1] = kept.length;
    return new Tensor(shape, data);
  }

  private static Bundle bundle(
      ModelCard card,
      Map<String, Tensor> weights,
      Labelled prototypes,
      NDArray rows,
      NDArray batch,
      byte[] golden,
      float[] logits) {
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
            new Tensor(rows.getShape().getShape(), rows.toFloatArray()),
            Thumbnails.of(card.student().input(), prototypes.pixels())),
        new Golden(
            new Tensor(batch.getShape().getShape(), samples),
            new Tensor(new long[] {batch.getShape().get(0), card.student().classes()}, logits)));
  }
}
