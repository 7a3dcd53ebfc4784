package io.cnn2gnn.model.inference;

import java.util.Arrays;

/**
 * An image as a possible neighbour of later ones.
 *
 * @param imageId which image
 * @param label its known label, else what was predicted for it
 * @param known whether the label is known; only then is it a feature of the row
 * @param values float32 [rowLength]: metric vector v, first message x W1, second message h W2
 */
public record BankRow(String imageId, String label, boolean known, float[] values) {
  @Override
  public boolean equals(Object o) {
    return o instanceof BankRow r
        && imageId.equals(r.imageId)
        && label.equals(r.label)
        && known == r.known
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
