package io.cnn2gnn.training.data;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.zip.ZipException;

/**
 * Reads the binary form of CIFAR-10 (records of 3,073 bytes: label, then 32 x 32 samples of red,
 * green and blue) and CIFAR-100 (3,074: coarse label, fine label, samples), plain or gzipped, from
 * a folder. Files with {@code test} in their name are the test split, the others ({@code
 * data_batch_1.bin}, {@code train.bin}) the training split. Class names come from {@code
 * fine_label_names.txt} or {@code *.meta.txt}, one a line.
 */
final class Cifar {
  private static final int SIDE = 32;
  private static final int SAMPLES = SIDE * SIDE * 3;

  private Cifar() {}

  static boolean isOne(Path file) {
    String name = DataSets.name(file).toLowerCase(Locale.ROOT);
    return (name.endsWith(".bin") || name.endsWith(".bin.gz")) && Files.isRegularFile(file);
  }

  private static boolean isTest(Path file) {
    return DataSets.name(file).toLowerCase(Locale.ROOT).contains("test");
  }

  /** Whether files are of both splits: others than CIFAR's end in {@code .bin} too. */
  static boolean areOne(List<Path> files) {
    List<Path> own = files.stream().filter(Cifar::isOne).toList();
    return own.stream().anyMatch(Cifar::isTest) && !own.stream().allMatch(Cifar::isTest);
  }

  static DataSet read(Path folder, List<String> names) throws IOException {
    List<Path> files = DataSets.visible(folder).stream().filter(Cifar::isOne).toList();
    List<Path> test = files.stream().filter(Cifar::isTest).toList();
    List<Path> train = files.stream().filter(f -> !test.contains(f)).toList();
    if (train.isEmpty() || test.isEmpty()) {
      throw new IOException(
          folder
              + ": expected CIFAR files for both splits, one with 'test' in its name; found "
              + files.stream().map(DataSets::name).toList());
    }
    List<String> classes = names.isEmpty() ? classNames(folder) : names;
    Split trainSplit = new Split();
    Split testSplit = new Split();
    for (Path file : train) {
      trainSplit.add(file);
    }
    for (Path file : test) {
      testSplit.add(file);
    }
    for (Split split : List.of(trainSplit, testSplit)) {
      split.check(classes);
    }
    NumberedClasses numbered =
        NumberedClasses.of(folder.toString(), trainSplit.numbers(), testSplit.numbers(), classes);
    String name = DataSets.nameOf(folder);
    return new DataSet(
        trainSplit.set(name + "/train", numbered), testSplit.set(name + "/test", numbered));
  }

  private static List<String> classNames(Path folder) throws IOException {
    List<String> fine = DataSets.lines(folder.resolve("fine_label_names.txt"));
    Optional<Path> other =
        DataSets.visible(folder).stream()
            .filter(f -> DataSets.name(f).endsWith(".meta.txt"))
            .findFirst();
    return fine.isEmpty() && other.isPresent() ? DataSets.lines(other.get()) : fine;
  }

  /** Records of one split, gathered over its files. */
  private static final class Split {
    private final ByteArrayOutputStream samples = new ByteArrayOutputStream();
    private final List<Integer> labels = new ArrayList<>();
    private int highest = -1;
    private Path highestIn;

    void add(Path file) throws IOException {
      byte[] all;
      try (DataInputStream in = Bytes.open(file)) {
        all = in.readAllBytes();
      } catch (EOFException | ZipException e) {
        throw new IOException(file + " is truncated or damaged: " + e.getMessage(), e);
      }
      int skip = labelBytes(file, all.length);
      int record = skip + SAMPLES;
      byte[] image = new byte[SAMPLES];
      for (int at = 0; at < all.length; at += record) {
        int label = all[at + skip - 1] & 255;
        if (label > highest) {
          highest = label;
          highestIn = file;
        }
        labels.add(label);
        for (int i = 0; i < SIDE * SIDE; i++) {
          for (int c = 0; c < 3; c++) {
            image[3 * i + c] = all[at + skip + c * SIDE * SIDE + i];
          }
        }
        samples.writeBytes(image);
      }
    }

    private static int labelBytes(Path file, int length) throws IOException {
      for (int labelBytes = 1; labelBytes <= 2; labelBytes++) {
        if (length > 0 && length % (labelBytes + SAMPLES) == 0) {
          return labelBytes;
        }
      }
      throw new IOException(
          "%s is truncated or not CIFAR: %d bytes are no whole records of 3073 or 3074"
              .formatted(file, length));
    }

    void check(List<String> classes) throws IOException {
      if (!classes.isEmpty() && highest >= classes.size()) {
        throw new IOException(
            "%s: label %d is out of range, there are %d class names"
                .formatted(highestIn, highest, classes.size()));
      }
    }

    int[] numbers() {
      return labels.stream().mapToInt(Integer::intValue).toArray();
    }

    ImageSet set(String name, NumberedClasses classes) throws IOException {
      int[] y = classes.labels(name, numbers());
      return new ImageSet(name, SIDE, SIDE, 3, samples.toByteArray(), y, classes.names());
    }
  }
}
