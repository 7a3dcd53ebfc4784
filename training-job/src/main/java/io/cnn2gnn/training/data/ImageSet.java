package io.cnn2gnn.training.data;

import io.cnn2gnn.model.files.Sha256;
import io.cnn2gnn.model.image.InputSpec;
import io.cnn2gnn.model.image.Pixels;
import io.cnn2gnn.model.image.Resize;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
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
 * @param trackFrames what the data set itself says of each image's track; empty if it says nothing
 */
public record ImageSet(
    String name,
    int height,
    int width,
    int channels,
    byte[] pixels,
    int[] labels,
    List<String> classes,
    List<String> ids,
    List<Optional<TrackFrame>> trackFrames) {
  /** The label of an image whose class is not known. */
  public static final int UNLABELLED = -1;

  private static final Pattern NUMBER = Pattern.compile("0|[1-9]\\d{0,5}");

  public ImageSet {
    classes = List.copyOf(classes);
    ids = List.copyOf(ids);
    trackFrames = List.copyOf(trackFrames);
    if (ids.size() != labels.length) {
      throw new IllegalArgumentException(
          name + ": " + ids.size() + " ids do not fit " + labels.length + " labels");
    }
    if (!trackFrames.isEmpty() && trackFrames.size() != labels.length) {
      throw new IllegalArgumentException(
          name + ": " + trackFrames.size() + " frames do not fit " + labels.length + " labels");
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

  /** Images of whose tracks the data set says nothing. */
  public ImageSet(
      String name,
      int height,
      int width,
      int channels,
      byte[] pixels,
      int[] labels,
      List<String> classes,
      List<String> ids) {
    this(name, height, width, channels, pixels, labels, classes, ids, List.of());
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
    List<Optional<TrackFrame>> frames =
        trackFrames.isEmpty()
            ? trackFrames
            : Arrays.stream(images).mapToObj(trackFrames::get).toList();
    return new ImageSet(name, height, width, channels, samples, own, classes, kept, frames);
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
    return new ImageSet(name, height, width, channels, pixels, others, names, ids, trackFrames);
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
        name,
        input.height(),
        input.width(),
        input.channels(),
        samples,
        labels,
        classes,
        ids,
        trackFrames);
  }

  /** False if the classes are called by numbers only. */
  public boolean named() {
    return !classes.stream().allMatch(name -> NUMBER.matcher(name).matches());
  }

  /**
   * The same images with labels by a model's class indices. Classes that have no names of their own
   * are taken to be in its order, counted from 0, or from 1 where there are as many.
   *
   * @throws IOException if there is a class that is not among them
   */
  public ImageSet inClasses(List<String> known) throws IOException {
    int[] places = places(known);
    Set<String> unknown = new TreeSet<>();
    int[] indices = new int[size()];
    for (int i = 0; i < indices.length; i++) {
      int label = labels[i];
      indices[i] = label == UNLABELLED ? label : places[label];
      if (indices[i] < 0 && label != UNLABELLED) {
        unknown.add(classes.get(label));
      }
    }
    if (!unknown.isEmpty()) {
      throw new IOException(
          "%s has images of %s, which the model does not know; it knows %s"
              .formatted(name, String.join(", ", unknown), String.join(", ", known)));
    }
    return with(indices, known);
  }

  /** Of each class the index among others; below 0 if it is none of them. */
  private int[] places(List<String> known) throws IOException {
    if (!named() && !known.containsAll(classes)) {
      int[] numbers = classes.stream().mapToInt(Integer::parseInt).toArray();
      int lowest = Arrays.stream(numbers).min().orElse(0);
      int highest = Arrays.stream(numbers).max().orElse(0);
      boolean fromZero = lowest == 0 && highest < known.size();
      boolean fromOne = lowest == 1 && highest == known.size();
      if (fromZero || fromOne) {
        return Arrays.stream(numbers).map(number -> number - lowest).toArray();
      }
      if (classes.size() > known.size()) {
        throw new IOException(
            "%s has %d classes, the model knows %d".formatted(name, classes.size(), known.size()));
      }
    }
    return classes.stream().mapToInt(known::indexOf).toArray();
  }
}
