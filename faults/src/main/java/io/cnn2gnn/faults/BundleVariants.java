package io.cnn2gnn.faults;

import io.cnn2gnn.model.bundle.Bundle;
import io.cnn2gnn.model.bundle.ModelCard;
import io.cnn2gnn.model.inference.BundleAssembly;
import io.cnn2gnn.model.torch.Tensor;
import io.cnn2gnn.model.torch.Torch;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** Other models made of a sound one, each whole and true to itself. */
final class BundleVariants {
  private static final double NOISE = 0.01;

  private BundleVariants() {}

  /** The same model under another version. */
  static Bundle renamed(Bundle sound, String version) {
    return new Bundle(
        card(sound, version, sound.card().space(), sound.card().classes()),
        sound.weights(),
        sound.prototypes(),
        sound.golden());
  }

  /** A model that passes every check and is always wrong: its class names are rotated by one. */
  static Bundle garbage(Bundle sound, String version) {
    List<String> classes = new ArrayList<>(sound.card().classes());
    Collections.rotate(classes, 1);
    return new Bundle(
        card(sound, version, sound.card().space(), classes),
        sound.weights(),
        sound.prototypes(),
        sound.golden());
  }

  /** A model that is a little different, so that it spans a space of its own. */
  static Bundle retrained(Bundle sound, String version, long seed) {
    Random random = new Random(seed);
    Map<String, Tensor> weights = new LinkedHashMap<>();
    sound
        .weights()
        .forEach(
            (name, tensor) -> {
              float[] values = tensor.data().clone();
              for (int i = 0; i < values.length; i++) {
                values[i] *= (float) (1 + NOISE * random.nextGaussian());
              }
              weights.put(name, new Tensor(tensor.shape(), values));
            });
    Tensor logits = sound.golden().logits();
    List<String> ids = new ArrayList<>();
    List<Integer> labels = new ArrayList<>();
    for (int row = 0; row < logits.shape()[0]; row++) {
      ids.add("prototype-" + row);
      labels.add(largest(logits, row));
    }
    byte[] pixels = pixels(sound.golden().images());
    return BundleAssembly.assemble(
        card(sound, version, Bundle.space(weights), sound.card().classes()),
        weights,
        new BundleAssembly.Labelled(ids, labels, pixels),
        pixels,
        Torch.device("cpu"));
  }

  private static int largest(Tensor logits, int row) {
    int classes = (int) logits.shape()[1];
    int best = 0;
    for (int c = 1; c < classes; c++) {
      best = logits.data()[row * classes + c] > logits.data()[row * classes + best] ? c : best;
    }
    return best;
  }

  private static byte[] pixels(Tensor images) {
    byte[] pixels = new byte[images.data().length];
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = (byte) images.data()[i];
    }
    return pixels;
  }

  private static ModelCard card(Bundle sound, String version, String space, List<String> classes) {
    ModelCard card = sound.card();
    return new ModelCard(
        card.name(),
        version,
        space,
        classes,
        card.student(),
        card.data(),
        card.teacher(),
        card.command(),
        card.seed(),
        card.metrics());
  }
}
