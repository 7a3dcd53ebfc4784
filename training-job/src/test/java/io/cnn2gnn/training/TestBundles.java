package io.cnn2gnn.training;

import io.cnn2gnn.model.bundle.Bundle;
import io.cnn2gnn.model.bundle.ModelCard;
import io.cnn2gnn.model.graph.Ranking;
import io.cnn2gnn.model.image.InputSpec;
import io.cnn2gnn.model.inference.BundleAssembly;
import io.cnn2gnn.model.net.Head;
import io.cnn2gnn.model.net.Student;
import io.cnn2gnn.model.net.StudentSpec;
import io.cnn2gnn.model.torch.Tensor;
import io.cnn2gnn.model.torch.Torch;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;

/** Bundles of small untrained models, whose answers are arbitrary but fixed. */
public final class TestBundles {
  private TestBundles() {}

  /** One of two classes on 8 x 8 grey images. */
  public static Bundle untrained(String name, String version, Map<String, Double> metrics) {
    InputSpec input = new InputSpec(8, 8, 1, List.of(0.5f), List.of(0.25f));
    StudentSpec spec =
        new StudentSpec(
            input,
            List.of(8),
            List.of(2),
            2,
            8,
            8,
            2,
            2,
            0.5f,
            Ranking.LEARNED,
            false,
            Head.EVIDENCE);
    Map<String, Tensor> weights = Student.initial(spec, version.hashCode());
    ModelCard card =
        new ModelCard(
            name,
            version,
            Bundle.space(weights),
            List.of("ant", "bee"),
            spec,
            "noise",
            "none",
            "none",
            1,
            metrics);
    return BundleAssembly.assemble(
        card,
        weights,
        new BundleAssembly.Labelled(
            IntStream.range(0, 8).mapToObj(i -> "prototype-" + i).toList(),
            IntStream.range(0, 8).mapToObj(i -> i % 2).toList(),
            noise(8, 1)),
        noise(4, 2),
        Torch.device("cpu"));
  }

  /** The same answers by the other class's name. */
  public static Bundle swapped(Bundle bundle, String version) {
    List<String> classes = bundle.card().classes();
    return renamed(bundle, version, List.of(classes.get(1), classes.get(0)));
  }

  /** The same answers by other names. */
  public static Bundle renamed(Bundle bundle, String version, List<String> classes) {
    ModelCard card = bundle.card();
    return new Bundle(
        new ModelCard(
            card.name(),
            version,
            card.space(),
            classes,
            card.student(),
            card.data(),
            card.teacher(),
            card.command(),
            card.seed(),
            card.metrics()),
        bundle.weights(),
        bundle.prototypes(),
        bundle.golden());
  }

  /** So many 8 x 8 images of noise. */
  public static byte[] noise(int images, long seed) {
    byte[] pixels = new byte[images * 64];
    new Random(seed).nextBytes(pixels);
    return pixels;
  }
}
