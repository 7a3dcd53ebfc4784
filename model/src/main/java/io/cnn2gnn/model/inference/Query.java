package io.cnn2gnn.model.inference;

import java.util.Arrays;
import java.util.Optional;

/**
 * One image to classify.
 *
 * @param id by which answers name it as a neighbour
 * @param pixels uint8 samples of the model's input size, row by row
 * @param label its label, where the producer knows it; it never enters its own answer
 */
public record Query(String id, byte[] pixels, Optional<String> label) {
  @Override
  public boolean equals(Object o) {
    return o instanceof Query q
        && id.equals(q.id)
        && label.equals(q.label)
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
