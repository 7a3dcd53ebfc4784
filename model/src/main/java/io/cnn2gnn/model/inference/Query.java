package io.cnn2gnn.model.inference;

import java.util.Arrays;
import java.util.Optional;

/**
 * One image to classify.
 *
 * @param id by which answers name it as a neighbour
 * @param pixels uint8 samples of the model's input size, row by row
 * @param label its label, where the producer knows it; it never enters its own answer
 * @param image its name, unique among all sources, by which labels are about it; empty if it has
 *     none
 * @param source the name of its source; empty if it has none
 */
public record Query(String id, byte[] pixels, Optional<String> label, String image, String source) {
  /** An image that no label is about. */
  public Query(String id, byte[] pixels, Optional<String> label) {
    this(id, pixels, label, "", "");
  }

  @Override
  public boolean equals(Object o) {
    return o instanceof Query q
        && id.equals(q.id)
        && label.equals(q.label)
        && image.equals(q.image)
        && source.equals(q.source)
        && Arrays.equals(pixels, q.pixels);
  }

  @Override
  public int hashCode() {
    return id.hashCode();
  }

  @Override
  public String toString() {
    return "Query[" + id + "]";
  }
}
