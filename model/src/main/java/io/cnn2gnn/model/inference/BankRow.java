package io.cnn2gnn.model.inference;

import io.cnn2gnn.model.net.Head;
import java.util.Arrays;

/**
 * An image as a possible neighbour of later ones.
 *
 * @param imageId which image
 * @param label its known label, else what was predicted for it
 * @param known whether the label is known; only then is it a feature of the row
 * @param values float32 [rowLength]: the metric vector v, then what it says to others: of a student
 *     with {@link Head#EVIDENCE} the probabilities of the classes that the model knows, as they
 *     were before its recent neighbours spoke, else the first message x W1 and the second h W2
 * @param image its name, unique among all sources; empty if it has none
 * @param source the name of its source; empty if it has none
 */
public record BankRow(
    String imageId, String label, boolean known, float[] values, String image, String source) {
  /** An image that no label is about. */
  public BankRow(String imageId, String label, boolean known, float[] values) {
    this(imageId, label, known, values, "", "");
  }

  /** The same with another label. */
  public BankRow with(String newLabel, boolean isKnown) {
    return new BankRow(imageId, newLabel, isKnown, values.clone(), image, source);
  }

  @Override
  public boolean equals(Object o) {
    return o instanceof BankRow r
        && imageId.equals(r.imageId)
        && label.equals(r.label)
        && known == r.known
        && image.equals(r.image)
        && source.equals(r.source)
        && Arrays.equals(values, r.values);
  }

  @Override
  public int hashCode() {
    return 31 * imageId.hashCode() + Arrays.hashCode(values);
  }

  @Override
  public String toString() {
    return "BankRow[" + imageId + ", " + label + "]";
  }
}
