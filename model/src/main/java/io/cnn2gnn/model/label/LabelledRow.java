package io.cnn2gnn.model.label;

import io.cnn2gnn.model.bundle.ClassName;
import java.util.Arrays;

/**
 * An image whose class somebody has said.
 *
 * @param image its name, unique among all sources
 * @param source the name of its source
 * @param imageId its id, by which answers name it
 * @param label the class; the model need not know it
 * @param space the embedding space of the metric vector
 * @param metric float32 [projection], of length one
 * @param own what the model of that space had made of the image by itself
 */
public record LabelledRow(
    String image,
    String source,
    String imageId,
    String label,
    String space,
    float[] metric,
    Own own) {
  /** What a model makes of an image without neighbours, beside its label. */
  public enum Own {
    /** Nothing is known that tells how often it is wrong. */
    UNKNOWN,
    RIGHT,
    WRONG;

    /** Judges what it said. */
    public static Own of(String said, String label) {
      return said.equals(ClassName.of(label)) ? RIGHT : WRONG;
    }
  }

  public LabelledRow {
    label = ClassName.of(label);
  }

  @Override
  public boolean equals(Object o) {
    return o instanceof LabelledRow r
        && image.equals(r.image)
        && source.equals(r.source)
        && imageId.equals(r.imageId)
        && label.equals(r.label)
        && space.equals(r.space)
        && Arrays.equals(metric, r.metric)
        && own == r.own;
  }

  @Override
  public int hashCode() {
    return 31 * image.hashCode() + Arrays.hashCode(metric);
  }

  @Override
  public String toString() {
    return "LabelledRow[" + imageId + ", " + label + "]";
  }
}
