package io.cnn2gnn.training.data;

import io.cnn2gnn.model.files.Sha256;
import io.cnn2gnn.model.image.InputSpec;
import io.cnn2gnn.model.image.Pixels;
import io.cnn2gnn.model.image.Resize;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Labelled images of one size in memory: 8-bit samples, image after image, each height x width x
 * channels.
 *
 * @param name where they came from, for messages
 * @param height rows of every image
 * @param width columns of every image
 * @param channels 1 or 3
 * @param pixels all samples
 * @param labels one class index per image, or {@link #UNLABELLED}
 * @param classes the class names, by index
 * @param ids a name for each image that is stable across runs
 */
public record ImageSet(
    String name,
    int height,
    int width,
    int channels,
    byte[] pixels,
    int[] labels,
    List<String> classes,
    List<String> ids) {
  /** The label of an image whose class is not known. */
  public static final int UNLABELLED = -1;

  public ImageSet {
    classes = List.copyOf(classes);
    ids = List.copyOf(ids);
    if (ids.size() != labels.length) {
      throw new IllegalArgumentException(
          name + ": " + ids.size() + " ids do not fit " + labels.length + " labels");
    }
    if ((long) labels.length * height * width * channels != pixels.length) {
      throw new IllegalArgumentException(
          name + ": " + labels.length + " labels do not fit " + pixels.length + " samples");
    }
    for (int i = 0; i < labels.length; i++) {
      if (labels[i] < UNLABELLED || labels[i] >= classes.size()) {
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

  /** Images that are called by the set's name and their place in it. */
  public ImageSet(
      String name,
      int height,
      int width,
      int channels,
      byte[] pixels,
      int[] labels,
      List<String> classes) {
    this(
        name,
        height,
        width,
        channels,
        pixels,
        labels,
        classes,
        IntStream.range(0, labels.length).mapToObj(i -> name + "/" + i).toList());
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
    return ids.get(i);
  }

  /** Samples of the images from (inclusive) to to (exclusive), as they are. */
  public byte[] samples(int from, int to) {
    return Arrays.copyOfRange(pixels, from * imageBytes(), to * imageBytes());
  }

  /** Labels of the images at these indices. */
  public long[] labels(int[] images) {
    return Arrays.stream(images).mapToLong(i -> labels[i]).toArray();
  }

  /** The images at these indices, as a set of their own that keeps the name. */
  public ImageSet subset(int[] images) {
    byte[] samples = new byte[images.length * imageBytes()];
    for (int i = 0; i < images.length; i++) {
      System.arraycopy(pixels, images[i] * imageBytes(), samples, i * imageBytes(), imageBytes());
    }
    int[] own = Arrays.stream(images).map(i -> labels[i]).toArray();
    List<String> kept = Arrays.stream(images).mapToObj(ids::get).toList();
    return new ImageSet(name, height, width, channels, samples, own, classes, kept);
  }

  /** A short text that differs where samples, labels or classes differ. */
  public String digest() {
    ByteBuffer y = ByteBuffer.allocate(labels.length * Integer.BYTES);
    y.asIntBuffer().put(labels);
    return Sha256.hex(pixels, y.array()) + classes;
  }

  /** True if the class of any image is not known. */
  public boolean hasUnlabelled() {
    return Arrays.stream(labels).anyMatch(label -> label == UNLABELLED);
  }

  /** The indices of the images whose class is known. */
  public int[] labelled() {
    return IntStream.range(0, size()).filter(i -> labels[i] != UNLABELLED).toArray();
  }

  /** The same images with other labels. */
  public ImageSet with(int[] others, List<String> names) {
    return new ImageSet(name, height, width, channels, pixels, others, names, ids);
  }

  /** Size and channels of every image. */
  public Frame frame() {
    return new Frame(height, width, channels);
  }

  /** The same images in a model's size and channels. */
  public ImageSet to(InputSpec input) {
    if (height == input.height() && width == input.width() && channels == input.channels()) {
      return this;
    }
    byte[] samples = new byte[Math.multiplyExact(size(), input.bytes())];
    for (int i = 0; i < size(); i++) {
      Pixels image = new Pixels(width, height, channels, samples(i, i + 1));
      System.arraycopy(Resize.to(input, image), 0, samples, i * input.bytes(), input.bytes());
    }
    return new ImageSet(
        name, input.height(), input.width(), input.channels(), samples, labels, classes, ids);
  }

  /** False if the classes are called by their numbers only. */
  public boolean named() {
    return !classes.equals(IntStream.range(0, classes.size()).mapToObj(Integer::toString).toList());
  }

  /**
   * The same images with labels by a model's class indices. Classes that have no names of their own
   * are taken to be in its order.
   *
   * @throws IOException if there is a class that is not among them
   */
  public ImageSet inClasses(List<String> known) throws IOException {
    boolean numbered = !named() && !known.containsAll(classes);
    if (numbered && classes.size() > known.size()) {
      throw new IOException(
          "%s has %d classes, the model knows %d".formatted(name, classes.size(), known.size()));
    }
    int[] indices = new int[size()];
    for (int i = 0; i < indices.length; i++) {
      int label = labels[i];
      indices[i] = numbered || label == UNLABELLED ? label : known.indexOf(classes.get(label));
      if (indices[i] < 0 && label != UNLABELLED) {
        throw new IOException(
            "%s has class %s, which the model does not know; it knows %s"
                .formatted(name, classes.get(label), known));
      }
    }
    return with(indices, known);
  }
}
