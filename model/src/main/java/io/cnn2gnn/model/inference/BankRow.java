package io.cnn2gnn.model.inference;

import java.util.Arrays;

/**
 * An image as a possible neighbour of later ones.
 *
 * @param imageId which image
 * @param label its known label, else what was predicted for it
 * @param known whether the label is known; only then is it a feature of the row
 * @param values float32 [rowLength]: metric vector v, first message x W1, second message h W2
 * @param image its name, unique among all sources; empty if it has none
 */
public record BankRow(String imageId, String label, boolean known, float[] values, String image) {
  /** An image that no label is about. */
  public BankRow(String imageId, String label, boolean known, float[] values) {
    this(imageId, label, known, values, "");
  }

  /** The same with another label. */
  public BankRow with(String newLabel, boolean isKnown) {
    return new BankRow(imageId, newLabel, isKnown, values.clone(), image);
  }

  @Override
  public boolean equals(Object o) {
    return o instanceof BankRow r
        && imageId.equals(r.imageId)
        && label.equals(r.label)
        && known == r.known
        && image.equals(r.image)
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
