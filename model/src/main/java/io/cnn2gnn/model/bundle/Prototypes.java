package io.cnn2gnn.model.bundle;

import io.cnn2gnn.model.torch.Tensor;
import java.util.List;

/**
 * Labelled training images that every instance has in its bank from the start.
 *
 * @param ids one per prototype
 * @param labels class index of each
 * @param rows float32 [prototypes, rowLength]
 */
public record Prototypes(List<String> ids, List<Integer> labels, Tensor rows) {
  public Prototypes {
    ids = List.copyOf(ids);
    labels = List.copyOf(labels);
    if (ids.isEmpty() || ids.size() != labels.size() || rows.shape()[0] != ids.size()) {
      throw new IllegalArgumentException("prototypes need an id, a label and a row each");
    }
  }

  public int size() {
    return ids.size();
  }
}
