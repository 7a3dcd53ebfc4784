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
 * @param mistaken whether the model of that space, by itself, had given the image another class
 */
public record LabelledRow(
    String image,
    String source,
    String imageId,
    String label,
    String space,
    float[] metric,
    boolean mistaken) {
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
        && mistaken == r.mistaken;
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
