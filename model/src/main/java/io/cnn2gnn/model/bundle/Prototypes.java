package io.cnn2gnn.model.bundle;

import io.cnn2gnn.model.torch.Tensor;
import java.util.List;

/**
 * Labelled training images that every instance has in its bank from the start.
 *
 * @param ids one per prototype
 * @param labels class index of each
 * @param rows float32 [prototypes, rowLength]
 * @param thumbnails to look at them; bundles of before have none
 */
public record Prototypes(
    List<String> ids, List<Integer> labels, Tensor rows, Thumbnails thumbnails) {
  public Prototypes {
    ids = List.copyOf(ids);
    labels = List.copyOf(labels);
    if (ids.isEmpty() || ids.size() != labels.size() || rows.shape()[0] != ids.size()) {
      throw new IllegalArgumentException("prototypes need an id, a label and a row each");
    }
  }

  /** Without thumbnails. */
  public Prototypes(List<String> ids, List<Integer> labels, Tensor rows) {
    this(ids, labels, rows, Thumbnails.NONE);
  }

  public int size() {
    return ids.size();
  }
}
