package io.cnn2gnn.cli.train;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class CommandLineTextTest {
  @Test
  void aRecordedCommandQuotesWhatAShellWouldSplit() {
    assertThat(
            TrainCommand.commandLine(
                List.of("train", "--data", "train", "--classes", "a,Ankle boot"),
                "train",
                Set.of()))
        .isEqualTo("./cnn2gnn train --data train --classes 'a,Ankle boot'");
  }

  @Test
  void optionsThatARunDoesNotShareAreLeftOutWithTheirValues() {
    assertThat(
            TrainCommand.commandLine(
                List.of(
                    "study", "--out", "my folder", "--seeds=1,2", "--data", "d", "--epochs", "3"),
                "study",
                Set.of("--out", "--seeds")))
        .isEqualTo("./cnn2gnn train --data d --epochs 3");
  }
}
