package io.cnn2gnn.training.fit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cnn2gnn.model.torch.SafeTensors;
import io.cnn2gnn.model.torch.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CheckpointTest {
  private static final Checkpoint TWO_EPOCHS =
      new Checkpoint(
          List.of(
              new Epoch(1, 1.5f, 0.4f, 0.5f, 0.002f, 3.25f),
              new Epoch(2, 0.7f, 0.8f, 0.75f, 1e-6f, Float.MIN_NORMAL)),
          // The same name in each part, and one that looks like another part's.
          Map.of("w", tensor(1, 2), "state.w", tensor(3, 4)),
          Map.of("w", tensor(5, 6), "mean.w", tensor(Float.MIN_VALUE, -0f)),
          Map.of("w", tensor(7, 8)));

  @TempDir private Path folder;
  private Path file;

  @BeforeEach
  void name() {
    file = folder.resolve("student.checkpoint");
  }

  private static Tensor tensor(float... values) {
    return new Tensor(new long[] {values.length}, values);
  }

  private void isRefused(String why) {
    assertThatThrownBy(() -> Checkpoint.read(file))
        .isInstanceOf(IOException.class)
        .hasMessageStartingWith(file.toString())
        .hasMessageContaining(why)
        .hasMessageEndingWith("remove it to begin again");
  }

  @Test
  void isReadAsItWasWritten() throws Exception {
    TWO_EPOCHS.write(file);
    assertThat(Checkpoint.read(file)).contains(TWO_EPOCHS);
  }

  @Test
  void aRunWithoutABestEpochHasNone() throws Exception {
    Checkpoint last =
        new Checkpoint(TWO_EPOCHS.history(), TWO_EPOCHS.tensors(), Map.of(), Map.of());
    last.write(file);
    assertThat(Checkpoint.read(file)).contains(last);
  }

  @Test
  void takesThePlaceOfTheOneBeforeAndLeavesNothingBesideIt() throws Exception {
    new Checkpoint(List.of(), Map.of("old", tensor(1)), Map.of(), Map.of()).write(file);
    TWO_EPOCHS.write(file);
    assertThat(Checkpoint.read(file)).contains(TWO_EPOCHS);
    try (Stream<Path> files = Files.list(folder)) {
      assertThat(files).containsExactly(file);
    }
  }

  @Test
  void whereThereIsNoFileARunBegins() throws Exception {
    assertThat(Checkpoint.read(file)).isEmpty();
  }

  @Test
  void aFileThatEndsEarlyIsRefusedWhereverItEnds() throws Exception {
    TWO_EPOCHS.write(file);
    byte[] whole = Files.readAllBytes(file);
    for (int length = 0; length < whole.length; length++) {
      Files.write(file, Arrays.copyOf(whole, length));
      isRefused("is damaged");
    }
  }

  @Test
  void tensorsWithoutAHistoryAreNoCheckpoint() throws Exception {
    Files.write(file, SafeTensors.write(Map.of("tensor.w", tensor(1, 2))));
    isRefused("is no checkpoint");
  }

  @Test
  void aHistoryOfOtherColumnsIsAnotherVersions() throws Exception {
    for (long[] shape : new long[][] {{2, 5}, {1, 7}, {6, 2}, {12}, {1, 2, 6}}) {
      Files.write(file, SafeTensors.write(Map.of("history", Tensor.filled(1, shape))));
      isRefused("of another version");
    }
  }
}
