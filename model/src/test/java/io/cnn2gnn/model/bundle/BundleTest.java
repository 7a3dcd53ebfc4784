package io.cnn2gnn.model.bundle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cnn2gnn.model.inference.TestModels;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BundleTest {
  @TempDir Path folder;
  private Path file;

  @BeforeEach
  void write() throws IOException {
    file = folder.resolve("test.bundle");
    TestModels.untrained(1).write(file);
  }

  @Test
  void readsBackWhatItWrote() throws Exception {
    assertThat(Bundle.read(file)).isEqualTo(TestModels.untrained(1));
  }

  @Test
  void writesTheSameModelAsTheSameBytesAndLeavesNothingElse() throws Exception {
    byte[] first = Files.readAllBytes(file);
    TestModels.untrained(1).write(file);
    assertThat(Files.readAllBytes(file)).isEqualTo(first);
    assertThat(folder.toFile().list()).containsExactly("test.bundle");
  }

  @Test
  void saysWhereThereIsNoBundle() {
    assertThatThrownBy(() -> Bundle.read(folder.resolve("none.bundle")))
        .isInstanceOf(BundleException.class)
        .hasMessageContaining("no bundle at")
        .hasMessageContaining("none.bundle");
  }

  @Test
  void rejectsAFileThatIsNotTheReleasedOneBeforeParsingIt() {
    assertThatThrownBy(() -> Bundle.read(file, Optional.of("00ff")))
        .isInstanceOf(BundleException.class)
        .hasMessageContaining("sha256");
  }

  @Test
  void anyFlippedByteIsAnErrorOrHarmless() throws Exception {
    byte[] bytes = Files.readAllBytes(file);
    Bundle original = Bundle.read(file);
    Random random = new Random(5);
    int errors = 0;
    for (int trial = 0; trial < 400; trial++) {
      byte[] damaged = bytes.clone();
      damaged[random.nextInt(damaged.length)] ^= (byte) (1 << random.nextInt(8));
      Files.write(file, damaged);
      try {
        // Zip headers hold fields that nobody reads, such as times.
        assertThat(Bundle.read(file)).isEqualTo(original);
      } catch (BundleException e) {
        assertThat(e).hasMessageContaining("test.bundle");
        errors++;
      }
    }
    assertThat(errors).isGreaterThan(300);
  }

  @Test
  void anyTruncationIsAnError() throws Exception {
    byte[] bytes = Files.readAllBytes(file);
    // The last bytes repeat the entries' names; a reader of the stream does not need them.
    for (int length = 0; length < bytes.length - 400; length += bytes.length / 40) {
      Files.write(file, java.util.Arrays.copyOf(bytes, length));
      assertThatThrownBy(() -> Bundle.read(file)).isInstanceOf(BundleException.class);
    }
  }
}
