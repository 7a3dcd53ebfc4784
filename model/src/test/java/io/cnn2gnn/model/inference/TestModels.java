package io.cnn2gnn.model.inference;

import io.cnn2gnn.model.bundle.Bundle;
import io.cnn2gnn.model.bundle.ModelCard;
import io.cnn2gnn.model.graph.Ranking;
import io.cnn2gnn.model.image.InputSpec;
import io.cnn2gnn.model.net.Head;
import io.cnn2gnn.model.net.Student;
import io.cnn2gnn.model.net.StudentSpec;
import io.cnn2gnn.model.torch.Tensor;
import io.cnn2gnn.model.torch.Torch;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** A small untrained model whose answers are arbitrary but fixed. */
public final class TestModels {
  private TestModels() {}

  /** A bundle of three classes on 8 x 8 grey images. */
  public static Bundle untrained(long seed) {
    return untrained(seed, 8);
  }

  /** The same on square images of another size. */
  public static Bundle untrained(long seed, int side) {
    return untrained(seed, side, Head.EVIDENCE);
  }

  /** The same with graph layers, as models of before have them. */
  static Bundle withLayers(long seed) {
    return untrained(seed, 8, Head.LAYERS);
  }

  private static Bundle untrained(long seed, int side, Head head) {
    InputSpec input = new InputSpec(side, side, 1, List.of(0.5f), List.of(0.25f));
    StudentSpec spec =
        new StudentSpec(
            input,
            List.of(8, 16),
            List.of(2, 2),
            2,
            8,
            16,
            3,
            4,
            0.5f,
            Ranking.LEARNED,
            head == Head.LAYERS,
            head);
    Map<String, Tensor> weights = Student.initial(spec, seed);
    ModelCard card =
        new ModelCard(
            "test",
            "v" + seed,
            Bundle.space(weights),
            List.of("ant", "bee", "cat"),
            spec,
            "noise",
            "none",
            "none",
            seed,
            Map.of());
    List<String> ids = new ArrayList<>();
    List<Integer> labels = new ArrayList<>();
    for (int i = 0; i < 12; i++) {
      ids.add("prototype-" + i);
      labels.add(i % 3);
    }
    return BundleAssembly.assemble(
        card,
        weights,
        new BundleAssembly.Labelled(ids, labels, noise(12, side, seed + 1)),
        noise(4, side, seed + 2),
        Torch.device("cpu"));
  }

  /** So many 8 x 8 images of noise. */
  public static byte[] noise(int images, long seed) {
    return noise(images, 8, seed);
  }

  private static byte[] noise(int images, int side, long seed) {
    byte[] pixels = new byte[images * side * side];
    new Random(seed).nextBytes(pixels);
    return pixels;
  }
}
