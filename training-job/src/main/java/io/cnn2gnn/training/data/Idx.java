package io.cnn2gnn.training.data;

import io.cnn2gnn.intake.files.Split;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.ZipException;

/**
 * Reads the IDX format of MNIST, EMNIST and Fashion-MNIST, plain or gzipped, from a folder that
 * holds {@code *train-images-idx3-ubyte[.gz]}, {@code *train-labels-idx1-ubyte[.gz]} and the same
 * for {@code t10k} or {@code test}; a dot may stand for the last but one dash, and each file may
 * lie in a folder of its name. A file {@code classes.txt} beside them, one name a line, names the
 * classes; without it they are called by their numbers. Images are read as they are stored, and
 * EMNIST's are transposed.
 */
final class Idx {
  private static final int IMAGES_MAGIC = 0x803;
  private static final int LABELS_MAGIC = 0x801;

  private static final Pattern NAME =
      Pattern.compile(
          "(?<set>.*?)[-_.]?(?<split>train|test|t10k)[-_.]"
              + "(?<part>images[-_.]idx3|labels[-_.]idx1)[-_.]ubyte(?<zipped>\\.gz)?",
          Pattern.CASE_INSENSITIVE);

  private Idx() {}

  /** What a file holds of a split. */
  private enum Part {
    IMAGES("images-idx3-ubyte"),
    LABELS("labels-idx1-ubyte");

    private final String ending;

    Part(String ending) {
      this.ending = ending;
    }
  }

  /**
   * A file by its name.
   *
   * @param set which one of several, such as {@code emnist-letters}
   * @param rank the lower, the sooner it is taken of several with the same content
   */
  private record Named(Path file, String set, Split split, Part part, int rank) {}

  private record Raw(int height, int width, byte[] pixels, int[] numbers) {}

  /** Whether a file, or a folder by the file in it, holds images of a split. */
  static boolean isOne(Path file) throws IOException {
    return files(file).stream().anyMatch(named -> named.part() == Part.IMAGES);
  }

  private static List<Named> files(Path file) throws IOException {
    if (!NAME.matcher(DataSets.name(file)).matches()) {
      return List.of();
    }
    if (Files.isRegularFile(file)) {
      return List.of(named(file, 0));
    }
    List<Named> inside = new ArrayList<>();
    for (Path each : Files.isDirectory(file) ? DataSets.visible(file) : List.<Path>of()) {
      if (Files.isRegularFile(each) && NAME.matcher(DataSets.name(each)).matches()) {
        inside.add(named(each, 2));
      }
    }
    return inside;
  }

  private static Named named(Path file, int rank) {
    Matcher name = NAME.matcher(DataSets.name(file));
    if (!name.matches()) {
      throw new IllegalArgumentException(file + " is not named as IDX files are");
    }
    boolean train = name.group("split").equalsIgnoreCase("train");
    boolean images = name.group("part").toLowerCase(Locale.ROOT).startsWith("images");
    return new Named(
        file,
        name.group("set"),
        train ? Split.TRAIN : Split.TEST,
        images ? Part.IMAGES : Part.LABELS,
        rank + (name.group("zipped") == null ? 0 : 1));
  }

  /**
   * Reads both splits.
   *
   * @param names of the classes; empty to take them from the folder
   * @throws IOException if a file is missing, truncated or not IDX, naming it
   */
  static DataSet read(Path folder, List<String> names) throws IOException {
    List<Named> files = new ArrayList<>();
    for (Path file : DataSets.visible(folder)) {
      files.addAll(files(file));
    }
    TreeSet<String> sets = new TreeSet<>();
    files.forEach(file -> sets.add(file.set()));
    if (sets.size() > 1) {
      throw new IOException(
          "%s holds %d sets: %s; give a folder with the files of one"
              .formatted(folder, sets.size(), String.join(", ", sets)));
    }
    Raw train = raw(folder, files, Split.TRAIN);
    Raw test = raw(folder, files, Split.TEST);
    if (train.height() != test.height() || train.width() != test.width()) {
      throw new IOException(folder + ": train and test images differ in size");
    }
    NumberedClasses classes =
        NumberedClasses.of(
            folder.toString(),
            train.numbers(),
            test.numbers(),
            names.isEmpty() ? DataSets.lines(folder.resolve("classes.txt")) : names);
    String name = DataSets.nameOf(folder);
    return new DataSet(set(name + "/train", train, classes), set(name + "/test", test, classes));
  }

  private static ImageSet set(String name, Raw raw, NumberedClasses classes) throws IOException {
    return new ImageSet(
        name,
        raw.height(),
        raw.width(),
        1,
        raw.pixels(),
        classes.labels(name, raw.numbers()),
        classes.names());
  }

  private static Raw raw(Path folder, List<Named> files, Split split) throws IOException {
    Path images = find(folder, files, split, Part.IMAGES);
    Path labels = find(folder, files, split, Part.LABELS);
    int[] numbers = labels(labels);
    try (DataInputStream in = open(images, IMAGES_MAGIC)) {
      int count = in.readInt();
      int height = in.readInt();
      int width = in.readInt();
      if (count < 1 || height < 1 || width < 1 || (long) count * height * width > 1L << 30) {
        throw new IOException(
            images + ": implausible size " + count + " x " + height + " x " + width);
      }
      if (count != numbers.length) {
        throw new IOException(
            images + " has " + count + " images, " + labels + " " + numbers.length);
      }
      byte[] pixels = new byte[count * height * width];
      in.readFully(pixels);
      return new Raw(height, width, pixels, numbers);
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
    try {
      int found = data.readInt();
      if (found != magic) {
        throw new IOException(
            "%s is not the IDX file it is named as: magic %08x, expected %08x"
                .formatted(file, found, magic));
      }
      return data;
    } catch (IOException e) {
      data.close();
      throw e;
    }
  }

  /** The file of a part; some sets bring it twice, unpacked and not. */
  private static Path find(Path folder, List<Named> files, Split split, Part part)
      throws IOException {
    Optional<Named> found =
        files.stream()
            .filter(file -> file.split() == split && file.part() == part)
            .min(Comparator.comparingInt(Named::rank).thenComparing(Named::file));
    String word = split == Split.TRAIN ? "train" : "test";
    return found
        .map(Named::file)
        .orElseThrow(
            () ->
                new IOException(
                    "%s has no file *%s-%s[.gz]%s"
                        .formatted(
                            folder,
                            word,
                            part.ending,
                            split == Split.TRAIN ? "" : ", nor one called t10k")));
  }
}
