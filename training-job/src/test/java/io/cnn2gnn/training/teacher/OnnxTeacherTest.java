package io.cnn2gnn.training.teacher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.cnn2gnn.model.image.InputSpec;
import io.cnn2gnn.model.torch.Torch;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OnnxTeacherTest {
  private static final InputSpec INPUT =
      new InputSpec(2, 3, 3, List.of(0f, 0f, 0f), List.of(1f, 1f, 1f));
  private static final List<Float> MEAN = List.of(0.1f, 0.2f, 0.3f);
  private static final List<Float> DEVIATION = List.of(0.5f, 0.25f, 0.2f);
  private static final List<String> CLASSES = List.of("ant", "bee");

  @TempDir private Path folder;
  private Path file;

  @BeforeAll
  static void startTheOtherEngineFirst() {
    Torch.device("auto");
  }

  @BeforeEach
  void write() throws IOException {
    file = folder.resolve("teacher.onnx");
    Files.write(file, OnnxFile.of(new float[][] {{1, 0}, {0, 1}, {2, -1}}));
  }

  @Test
  void answersInterleavedSamplesByItsOwnNormalisation() throws IOException {
    byte[] samples = new byte[2 * 18];
    for (int i = 0; i < samples.length; i++) {
      samples[i] = (byte) (i < 18 ? new int[] {51, 102, 204}[i % 3] : 0);
    }
    try (OnnxTeacher teacher = new OnnxTeacher(file, INPUT, MEAN, DEVIATION, CLASSES)) {
      // Channels .2, .4, .8 become .2, .8, 2.5; black becomes -.2, -.8, -1.5.
      assertThat(teacher.logits(samples))
          .containsExactly(
              new float[] {0.2f + 2 * 2.5f, 0.8f - 2.5f, -0.2f - 2 * 1.5f, -0.8f + 1.5f},
              within(1e-4f));
    }
  }

  private void failsNaming(InputSpec input, List<String> classes, String... parts) {
    assertThatThrownBy(() -> new OnnxTeacher(file, input, MEAN, DEVIATION, classes))
        .isInstanceOf(IOException.class)
        .hasMessageContainingAll(parts);
  }

  @Test
  void aTeacherForOtherImagesOrClassesOrNoneAtAllIsRefused() throws IOException {
    failsNaming(INPUT, List.of("a", "b", "c"), "teacher.onnx", "output", "3");
    InputSpec larger = new InputSpec(4, 3, 3, INPUT.mean(), INPUT.deviation());
    assertThatCode(() -> new OnnxTeacher(file, larger, MEAN, DEVIATION, CLASSES).close())
        .as("any size goes where the file says so")
        .doesNotThrowAnyException();
    InputSpec grey = new InputSpec(2, 3, 1, List.of(0f), List.of(1f));
    failsNaming(grey, CLASSES, "teacher.onnx", "1 channels");
    Files.write(file, new byte[] {1, 2, 3, 4});
    failsNaming(INPUT, CLASSES, "teacher.onnx", "cannot be loaded");
    Files.delete(file);
    failsNaming(INPUT, CLASSES, "teacher.onnx", "does not exist");
  }
}
