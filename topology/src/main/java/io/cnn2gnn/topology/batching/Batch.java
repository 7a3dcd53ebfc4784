package io.cnn2gnn.topology.batching;

import io.cnn2gnn.topology.DecodedImage;
import java.util.List;

/** Images that are classified together, in the order of their offsets; never empty. */
public record Batch(List<DecodedImage> images) {
  public Batch {
    images = List.copyOf(images);
    if (images.isEmpty()) {
      throw new IllegalArgumentException("a batch has at least one image");
    }
  }

  /** A name that is the same whenever the same batch is formed again. */
  public String id() {
    return images.get(0).source().coordinates() + "+" + images.size();
  }
}
