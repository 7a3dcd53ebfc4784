package io.cnn2gnn.training.topic;

import io.cnn2gnn.model.bundle.ClassName;
import io.cnn2gnn.training.data.DataSets;
import java.util.List;
import java.util.Optional;

/**
 * What becomes of the images of a range.
 *
 * @param heldOut share of the images that are measured on and never learned from, in (0, 1)
 * @param side which ones these are
 * @param minClassImages labelled images of the stream that a class needs, or it is left out
 * @param maxImages how many are held in memory, the newest
 * @param size to bring them to; empty for that of the first labelled one
 * @param classes names by index, to which labels that are not among them are appended in order;
 *     empty to take all from the labels
 */
public record Sampling(
    double heldOut,
    Side side,
    int minClassImages,
    int maxImages,
    Optional<DataSets.Size> size,
    List<String> classes) {
  public Sampling {
    classes = classes.stream().map(ClassName::of).toList();
    if (!(heldOut > 0 && heldOut < 1)) {
      throw new IllegalArgumentException("held-out is a share in (0, 1): " + heldOut);
    }
    if (minClassImages < 1) {
      throw new IllegalArgumentException("min-class-images must be positive: " + minClassImages);
    }
    if (maxImages < 1) {
      throw new IllegalArgumentException("max-images must be positive: " + maxImages);
    }
  }

  /** The same with other classes to begin with. */
  public Sampling with(List<String> others) {
    return new Sampling(heldOut, side, minClassImages, maxImages, size, others);
  }
}
