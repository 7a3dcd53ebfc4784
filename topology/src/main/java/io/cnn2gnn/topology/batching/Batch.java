package io.cnn2gnn.topology.batching;

import io.cnn2gnn.topology.flow.DecodedImage;
import io.cnn2gnn.topology.serving.ServedModel;
import java.util.List;

/**
 * Images that are classified together, by one model.
 *
 * @param images in the order of their offsets, never empty, decoded to the model's input size
 * @param model that answers; whoever makes the batch keeps it open until it is classified
 */
public record Batch(List<DecodedImage> images, ServedModel model) {
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
