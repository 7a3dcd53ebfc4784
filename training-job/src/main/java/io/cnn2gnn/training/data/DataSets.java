package io.cnn2gnn.training.data;

import io.cnn2gnn.intake.files.HiddenFile;
import io.cnn2gnn.intake.files.Split;
import io.cnn2gnn.model.bundle.ClassName;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads a data set, whichever of the known layouts it has: IDX ({@link Idx}), CIFAR binary ({@link
 * Cifar}), or a tree of image files in folders or zips ({@link ImageTree}).
 */
public final class DataSets {
  private static final Logger LOG = LoggerFactory.getLogger(DataSets.class);

  /** Folders, one in the other, in which a set was packed. */
  private static final int MAX_WRAPPERS = 8;

  private DataSets() {}

  /**
   * How to read.
   *
   * @param classes names by index; empty to take them from the data
   * @param size to bring image files to; empty for the size of the first one
   */
  public record Options(List<String> classes, Optional<Size> size) {
    public Options {
      classes = classes.stream().map(ClassName::of).toList();
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
    if (!Files.isDirectory(source)) {
      return ImageTree.read(source, List.of(source), options);
    }
    Path folder = source;
    Map<Kind, List<Path>> found = found(folder);
    for (int depth = 0; depth < MAX_WRAPPERS && found.isEmpty(); depth++) {
      folder = only(folder).orElse(folder);
      found = found(folder);
    }
    List<Kind> kinds = List.copyOf(found.keySet());
    Kind kind = kinds.isEmpty() ? Kind.FOLDERS : kinds.get(0);
    if (kinds.size() > 1) {
      LOG.warn(
          "{} holds several sets: its {} are read, and not {}",
          folder,
          kind.files,
          found.values().stream()
              .skip(1)
              .flatMap(List::stream)
              .map(DataSets::name)
              .collect(Collectors.joining(", ")));
    }
    return switch (kind) {
      case IDX -> Idx.read(folder, options.classes());
      case CIFAR -> Cifar.read(folder, options.classes());
      case ZIPS -> ImageTree.read(folder, found.get(kind), options);
      case FOLDERS -> ImageTree.read(source, List.of(source), options);
    };
  }

  /** What a folder may hold, in the order in which it is looked for. */
  private enum Kind {
    IDX("IDX files"),
    CIFAR("CIFAR files"),
    ZIPS("zips"),
    FOLDERS("folders of images");

    private final String files;

    Kind(String files) {
      this.files = files;
    }
  }

  /** The sets that lie in a folder, with what makes them one. */
  private static Map<Kind, List<Path>> found(Path folder) throws IOException {
    Map<Kind, List<Path>> found = new EnumMap<>(Kind.class);
    List<Path> files = visible(folder);
    for (Path file : files) {
      Optional<Kind> kind =
          Idx.isOne(file)
              ? Optional.of(Kind.IDX)
              : Cifar.isOne(file)
                  ? Optional.of(Kind.CIFAR)
                  : isZip(file)
                      ? Optional.of(Kind.ZIPS)
                      : isSplit(file) ? Optional.of(Kind.FOLDERS) : Optional.empty();
      kind.ifPresent(k -> found.computeIfAbsent(k, none -> new ArrayList<>()).add(file));
    }
    if (!Cifar.areOne(files) && (found.size() > 1 || files.stream().anyMatch(Files::isDirectory))) {
      found.remove(Kind.CIFAR);
    }
    return found;
  }

  private static boolean isZip(Path file) {
    return name(file).toLowerCase(Locale.ROOT).endsWith(".zip") && Files.isRegularFile(file);
  }

  private static boolean isSplit(Path file) {
    return Split.of(name(file)).isPresent() && Files.isDirectory(file);
  }

  /** The folder that a set was packed in. */
  private static Optional<Path> only(Path folder) throws IOException {
    List<Path> folders = visible(folder).stream().filter(Files::isDirectory).toList();
    return folders.size() == 1 ? Optional.of(folders.get(0)) : Optional.empty();
  }

  /** The files and folders that somebody may mean, in order. */
  static List<Path> visible(Path folder) throws IOException {
    try (Stream<Path> list = Files.list(folder)) {
      return list.filter(file -> !HiddenFile.isOne(name(file))).sorted().toList();
    } catch (AccessDeniedException e) {
      throw new IOException(folder + " may not be read by this user", e);
    }
  }

  /** The lines of a file that are not blank; none where it is not there. */
  static List<String> lines(Path file) throws IOException {
    return Files.exists(file)
        ? Files.readAllLines(file).stream()
            .map(line -> line.replace("\ufeff", ""))
            .filter(line -> !line.isBlank())
            .toList()
        : List.of();
  }

  /** What a set is called by its folder or zip. */
  static String nameOf(Path source) {
    Path name = source.toAbsolutePath().normalize().getFileName();
    return name == null ? "data" : name.toString();
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
