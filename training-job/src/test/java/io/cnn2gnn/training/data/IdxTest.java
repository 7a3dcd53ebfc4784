package io.cnn2gnn.training.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class IdxTest {
  @TempDir private Path folder;

  @BeforeEach
  void write() throws IOException {
    IdxFiles.write(folder, 20, 10);
  }

  private void failsNaming(String... parts) {
    assertThatThrownBy(() -> Idx.read(folder, List.of()))
        .isInstanceOf(IOException.class)
        .hasMessageContainingAll(parts);
  }

  @Test
  void readsPlainAndGzippedFilesAndNumbersUnnamedClasses() throws IOException {
    DataSet splits = Idx.read(folder, List.of());
    assertThat(splits.train().size()).isEqualTo(20);
    assertThat(splits.test().size()).isEqualTo(10);
    assertThat(splits.train().classes()).containsExactly("0", "1", "2", "3");
    assertThat(splits.train().labels()).startsWith(0, 1, 2, 3, 0);
  }

  @Test
  void takesClassNamesFromTheFolder() throws IOException {
    Files.writeString(folder.resolve("classes.txt"), "ant\nbee\ncat\ndog\n");
    assertThat(Idx.read(folder, List.of()).test().classes())
        .containsExactly("ant", "bee", "cat", "dog");
  }

  @Test
  void namesTheFileThatIsMissingCutOffOrNotIdx() throws IOException {
    Path images = folder.resolve("train-images-idx3-ubyte");
    byte[] bytes = Files.readAllBytes(images);
    Files.write(images, Arrays.copyOf(bytes, bytes.length - 1));
    failsNaming("train-images-idx3-ubyte", "truncated");
    Files.writeString(images, "hello, this is text");
    failsNaming("train-images-idx3-ubyte", "not the IDX file");
    Files.delete(images);
    failsNaming("has no file *train-images-idx3-ubyte[.gz]");
  }

  @Test
  void rejectsCountsThatDoNotAgree() throws IOException {
    Path labels = folder.resolve("train-labels-idx1-ubyte.gz");
    Files.write(labels, IdxFiles.labels(new byte[19]));
    failsNaming("has 20 images", "19");
  }

  @Test
  void rejectsTooFewClassNames() {
    assertThatThrownBy(() -> Idx.read(folder, List.of("ant", "bee")))
        .hasMessageContaining("names are given for 2 of 4 classes");
  }

  /** The files by which a set is written, under other names. */
  private void rename(UnaryOperator<String> names) throws IOException {
    for (Path file : DataSets.visible(folder)) {
      Path other = folder.resolve(names.apply(file.getFileName().toString()));
      Path aside = Files.move(file, folder.resolve("aside"));
      Files.createDirectories(other.getParent());
      Files.move(aside, other);
    }
  }

  @Test
  void readsTheNamesThatAreInUse() throws IOException {
    rename(name -> name.replace("-idx", ".idx"));
    assertThat(Idx.read(folder, List.of()).train().size()).isEqualTo(20);
    rename(name -> "emnist-letters-" + name.replace(".idx", "-idx").replace("t10k", "test"));
    assertThat(Idx.read(folder, List.of()).test().size()).isEqualTo(10);
    rename(name -> name.toUpperCase(Locale.ROOT));
    assertThat(Idx.read(folder, List.of()).test().size()).isEqualTo(10);
  }

  @Test
  void aFileMayLieInAFolderOfItsNameAndBeThereUnpackedToo() throws IOException {
    rename(name -> name.equals("train-images-idx3-ubyte") ? name + "/" + name : name);
    assertThat(Idx.isOne(folder.resolve("train-images-idx3-ubyte"))).isTrue();
    assertThat(Idx.read(folder, List.of()).train().size()).isEqualTo(20);
    byte[] others = new byte[20];
    for (int i = 0; i < 20; i++) {
      others[i] = (byte) (3 - i % 4);
    }
    Files.write(folder.resolve("train-labels-idx1-ubyte"), IdxFiles.labels(others));
    Files.write(folder.resolve("._train-labels-idx1-ubyte"), new byte[] {1});
    assertThat(Idx.read(folder, List.of()).train().labels()).startsWith(3, 2, 1, 0);
  }

  @Test
  void aFolderOfSeveralSetsNamesThem() throws IOException {
    rename(name -> "emnist-letters-" + name);
    IdxFiles.write(folder, 4, 4);
    rename(name -> name.startsWith("emnist") ? name : "emnist-digits-" + name);
    failsNaming("holds 2 sets: emnist-digits, emnist-letters");
  }

  @Test
  void numbersWithoutAnImageToLearnFromAreNoClasses() throws IOException {
    byte[] train = new byte[20];
    byte[] test = new byte[10];
    for (int i = 0; i < 20; i++) {
      train[i] = (byte) (i % 10 + 1);
      test[i / 2] = train[i];
    }
    Files.write(folder.resolve("train-labels-idx1-ubyte"), IdxFiles.labels(train));
    Files.write(folder.resolve("t10k-labels-idx1-ubyte"), IdxFiles.labels(test));
    DataSet set = DataSets.read(folder, new DataSets.Options(List.of(), Optional.empty()));
    assertThat(set.train().classes())
        .containsExactly("1", "2", "3", "4", "5", "6", "7", "8", "9", "10");
    assertThat(set.train().labels()).startsWith(0, 1, 2);
    List<String> letters = List.of("a", "b", "c", "d", "e", "f", "g", "h", "i", "j");
    assertThat(set.test().inClasses(letters).labels()).isEqualTo(set.test().labels());
    assertThat(Idx.read(folder, letters).test().classes()).isEqualTo(letters);
    test[3] = 0;
    Files.write(folder.resolve("t10k-labels-idx1-ubyte"), IdxFiles.labels(test));
    failsNaming("/test has images of class 0, of which there is none to learn from");
  }
}
