package io.cnn2gnn.training.data;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Reads a data set, whichever of the known layouts it has: IDX ({@link Idx}), CIFAR binary ({@link
 * Cifar}), or a tree of image files in folders or zips ({@link ImageTree}).
 */
public final class DataSets {
  private DataSets() {}

  /**
   * How to read.
   *
   * @param classes names by index; empty to take them from the data
   * @param size to bring image files to; empty for the size of the first one
   */
  public record Options(List<String> classes, Optional<Size> size) {
    public Options {
      classes = List.copyOf(classes);
    }
  }

  /** Rows and columns. */
  public record Size(int height, int width) {
    /** Reads {@code WIDTHxHEIGHT}. */
    public static Size parse(String text) {
      String[] parts = text.split("x", -1);
      try {
        if (parts.length == 2) {
          return new Size(Integer.parseInt(parts[1]), Integer.parseInt(parts[0]));
        }
      } catch (NumberFormatException e) {
        throw new IllegalArgumentException(
            "a size is WIDTHxHEIGHT, such as 84x84, not '" + text + "'", e);
      }
      throw new IllegalArgumentException(
          "a size is WIDTHxHEIGHT, such as 84x84, not '" + text + "'");
    }

    public Size {
      if (height < 1 || width < 1 || height > 1024 || width > 1024) {
        throw new IllegalArgumentException("a size must lie in 1..1024: " + width + "x" + height);
      }
    }
  }

  /**
   * Reads both splits into memory.
   *
   * @throws IOException if anything is missing, damaged or unusable for training, naming the file
   */
  public static DataSet read(Path source, Options options) throws IOException {
    DataSet set = open(source, options);
    check(source, set);
    return set;
  }

  private static DataSet open(Path source, Options options) throws IOException {
    if (!Files.exists(source)) {
      throw new IOException(source + " does not exist");
    }
    if (Files.isRegularFile(source)) {
      return ImageTree.zips(source, List.of(source), options);
    }
    List<Path> files;
    try (Stream<Path> list = Files.list(source)) {
      files = list.sorted().toList();
    }
    if (files.stream().anyMatch(f -> name(f).contains("-idx3-ubyte"))) {
      return Idx.read(source, options.classes());
    }
    if (files.stream().anyMatch(Cifar::isOne)) {
      return Cifar.read(source, options.classes());
    }
    List<Path> zips = files.stream().filter(f -> name(f).endsWith(".zip")).toList();
    if (!zips.isEmpty()) {
      return ImageTree.zips(source, zips, options);
    }
    if (Files.isDirectory(source.resolve("train"))) {
      return ImageTree.folder(source, options);
    }
    throw new IOException(
        source
            + " holds no data set: expected IDX files (*-images-idx3-ubyte), CIFAR files (*.bin),"
            + " zips of split/class/image, or folders train/ and test/; each may be gzipped but"
            + " the last two");
  }

  /**
   * Checks that one can train on a set and measure what was learned.
   *
   * @param source names the set in messages
   * @throws IOException if there are too few classes, or one of them, or the test split, is empty
   */
  public static void check(Object source, DataSet set) throws IOException {
    List<String> classes = set.train().classes();
    if (classes.size() < 2) {
      throw new IOException(
          source + " has one class only, " + classes + "; a classifier needs at least two");
    }
    if (new HashSet<>(classes).size() != classes.size()) {
      throw new IOException(source + " has classes of the same name: " + classes);
    }
    if (set.test().hasUnlabelled()) {
      throw new IOException(set.test().name() + " has unlabelled images; a test split must not");
    }
    int[] counts = new int[classes.size()];
    for (int image : set.train().labelled()) {
      counts[set.train().labels()[image]]++;
    }
    for (int c = 0; c < counts.length; c++) {
      if (counts[c] == 0) {
        throw new IOException(
            "%s: class %s has no training image; add some or leave the class out"
                .formatted(set.train().name(), classes.get(c)));
      }
    }
    if (set.test().size() == 0) {
      throw new IOException(set.test().name() + " has no images");
    }
  }

  static String name(Path file) {
    return file.getFileName().toString();
  }
}
