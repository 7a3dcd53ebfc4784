package io.cnn2gnn.training.data;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
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
    String name = DataSets.name(file);
    return name.endsWith(".bin") || name.endsWith(".bin.gz");
  }

  static DataSet read(Path folder, List<String> names) throws IOException {
    List<Path> files;
    try (Stream<Path> list = Files.list(folder)) {
      files = list.filter(Cifar::isOne).sorted().toList();
    }
    List<Path> test = files.stream().filter(f -> DataSets.name(f).contains("test")).toList();
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
    if (classes.isEmpty()) {
      classes = Idx.numbered(1 + Math.max(trainSplit.highest, testSplit.highest));
    }
    String name = folder.toAbsolutePath().normalize().getFileName().toString();
    return new DataSet(
        trainSplit.set(name + "/train", classes), testSplit.set(name + "/test", classes));
  }

  private static List<String> classNames(Path folder) throws IOException {
    Path fine = folder.resolve("fine_label_names.txt");
    List<Path> found = new ArrayList<>();
    if (Files.exists(fine)) {
      found.add(fine);
    } else {
      try (Stream<Path> list = Files.list(folder)) {
        list.filter(f -> DataSets.name(f).endsWith(".meta.txt")).sorted().forEach(found::add);
      }
    }
    return found.isEmpty()
        ? List.of()
        : Files.readAllLines(found.get(0)).stream().filter(line -> !line.isBlank()).toList();
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

    ImageSet set(String name, List<String> classes) throws IOException {
      int[] y = labels.stream().mapToInt(Integer::intValue).toArray();
      if (highest >= classes.size()) {
        throw new IOException(
            "%s: label %d is out of range, there are %d class names"
                .formatted(highestIn, highest, classes.size()));
      }
      return new ImageSet(name, SIDE, SIDE, 3, samples.toByteArray(), y, classes);
    }
  }
}
