package io.cnn2gnn.training.data;

import java.util.List;

/**
 * Labelled images of one size in memory: 8-bit samples, image after image, each height x width x
 * channels.
 *
 * @param name where they came from, for messages and image ids
 * @param height rows of every image
 * @param width columns of every image
 * @param channels 1 or 3
 * @param pixels all samples
 * @param labels one class index per image
 * @param classes the class names, by index
 */
public record ImageSet(
    String name,
    int height,
    int width,
    int channels,
    byte[] pixels,
    int[] labels,
    List<String> classes) {
  public ImageSet {
    classes = List.copyOf(classes);
    if ((long) labels.length * height * width * channels != pixels.length) {
      throw new IllegalArgumentException(
          name + ": " + labels.length + " labels do not fit " + pixels.length + " samples");
    }
    for (int i = 0; i < labels.length; i++) {
      if (labels[i] < 0 || labels[i] >= classes.size()) {
        throw new IllegalArgumentException(
            name
                + ": label "
                + labels[i]
                + " of image "
                + i
                + " is outside 0.."
                + (classes.size() - 1));
      }
    }
  }

  public int size() {
    return labels.length;
  }

  /** Samples per image. */
  public int imageBytes() {
    return height * width * channels;
  }

  /** A name for image i that is stable across runs. */
  public String id(int i) {
    return name + "/" + i;
  }
}
