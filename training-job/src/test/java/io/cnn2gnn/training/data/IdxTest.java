package io.cnn2gnn.training.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
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
    failsNaming("expected one file *train-images-idx3-ubyte[.gz], found 0");
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
}
