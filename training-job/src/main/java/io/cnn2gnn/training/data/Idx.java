package io.cnn2gnn.training.data;

import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.ZipException;

/**
 * Reads the IDX format of MNIST and Fashion-MNIST, plain or gzipped, from a folder that holds
 * {@code *train-images-idx3-ubyte[.gz]}, {@code *train-labels-idx1-ubyte[.gz]} and the same for
 * {@code t10k}. A file {@code classes.txt} beside them, one name a line, names the classes; without
 * it they are called by their number.
 */
final class Idx {
  private static final int IMAGES_MAGIC = 0x803;
  private static final int LABELS_MAGIC = 0x801;

  private Idx() {}

  /**
   * Reads both splits.
   *
   * @param names of the classes by index; empty to take them from the folder
   * @throws IOException if a file is missing, truncated or not IDX, naming it
   */
  static DataSet read(Path folder, List<String> names) throws IOException {
    List<String> known = names.isEmpty() ? classNames(folder) : names;
    ImageSet train = split(folder, "train", known);
    ImageSet test = split(folder, "t10k", known);
    if (train.height() != test.height() || train.width() != test.width()) {
      throw new IOException(folder + ": train and test images differ in size");
    }
    int classes = Math.max(train.classes().size(), test.classes().size());
    return new DataSet(named(train, classes, known), named(test, classes, known));
  }

  private static ImageSet named(ImageSet set, int classes, List<String> names) throws IOException {
    if (!names.isEmpty() && names.size() < classes) {
      throw new IOException(
          set.name() + ": names are given for " + names.size() + " of " + classes + " classes");
    }
    return new ImageSet(
        set.name(),
        set.height(),
        set.width(),
        1,
        set.pixels(),
        set.labels(),
        names.isEmpty() ? numbered(classes) : names);
  }

  static List<String> numbered(int classes) {
    List<String> names = new ArrayList<>();
    for (int i = 0; i < classes; i++) {
      names.add(Integer.toString(i));
    }
    return names;
  }

  private static List<String> classNames(Path folder) throws IOException {
    Path file = folder.resolve("classes.txt");
    return Files.exists(file)
        ? Files.readAllLines(file).stream().filter(line -> !line.isBlank()).toList()
        : List.of();
  }

  private static ImageSet split(Path folder, String split, List<String> names) throws IOException {
    Path images = find(folder, split + "-images-idx3-ubyte");
    Path labels = find(folder, split + "-labels-idx1-ubyte");
    int[] y = labels(labels);
    try (DataInputStream in = open(images, IMAGES_MAGIC)) {
      int count = in.readInt();
      int height = in.readInt();
      int width = in.readInt();
      if (count < 1 || height < 1 || width < 1 || (long) count * height * width > 1L << 30) {
        throw new IOException(
            images + ": implausible size " + count + " x " + height + " x " + width);
      }
      if (count != y.length) {
        throw new IOException(images + " has " + count + " images, " + labels + " " + y.length);
      }
      byte[] pixels = new byte[count * height * width];
      in.readFully(pixels);
      int classes = Math.max(names.size(), Arrays.stream(y).max().orElse(0) + 1);
      String name = folder.getFileName() + "/" + split;
      return new ImageSet(name, height, width, 1, pixels, y, numbered(classes));
    } catch (EOFException | ZipException e) {
      throw new IOException(images + " is truncated or damaged: " + e.getMessage(), e);
    }
  }

  private static int[] labels(Path file) throws IOException {
    try (DataInputStream in = open(file, LABELS_MAGIC)) {
      int count = in.readInt();
      if (count < 1 || count > 1 << 28) {
        throw new IOException(file + ": implausible count " + count);
      }
      byte[] bytes = new byte[count];
      in.readFully(bytes);
      int[] labels = new int[count];
      for (int i = 0; i < count; i++) {
        labels[i] = bytes[i] & 255;
      }
      return labels;
    } catch (EOFException | ZipException e) {
      throw new IOException(file + " is truncated or damaged: " + e.getMessage(), e);
    }
  }

  private static DataInputStream open(Path file, int magic) throws IOException {
    DataInputStream data = Bytes.open(file);
    int found = data.readInt();
    if (found != magic) {
      data.close();
      throw new IOException(
          "%s is not the IDX file it is named as: magic %08x, expected %08x"
              .formatted(file, found, magic));
    }
    return data;
  }

  private static Path find(Path folder, String ending) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      List<Path> found =
          files.filter(f -> matches(f.getFileName().toString(), ending)).sorted().toList();
      if (found.size() != 1) {
        throw new IOException(
            folder + ": expected one file *" + ending + "[.gz], found " + found.size());
      }
      return found.get(0);
    }
  }

  private static boolean matches(String name, String ending) {
    return name.endsWith(ending) || name.endsWith(ending + ".gz");
  }
}
