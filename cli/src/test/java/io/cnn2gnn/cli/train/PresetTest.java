package io.cnn2gnn.cli.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cnn2gnn.training.TrainOptions;
import io.cnn2gnn.training.data.DataSource;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

class PresetTest {
  @Command(name = "trains")
  private static final class Trains {
    @Mixin private final TrainingFlags flags = new TrainingFlags();
  }

  private static TrainOptions options(String... arguments) {
    Trains trains = new Trains();
    new CommandLine(trains).setCaseInsensitiveEnumValuesAllowed(true).parseArgs(arguments);
    DataSource none =
        () -> {
          throw new AssertionError("nothing is read here");
        };
    return trains.flags.options(none, Path.of("x"), "x", "1", "x", 1);
  }

  @Test
  void withoutAPresetTheOptionsAreThoseThatHelpShows() {
    TrainOptions options = options();
    assertThat(options.teacher().name()).isEqualTo("resnet8x32");
    assertThat(options.teacher().schedule().epochs()).isZero();
    assertThat(options.teacher().schedule().batch()).isEqualTo(64);
    assertThat(options.schedule().epochs()).isZero();
    assertThat(options.schedule().batch()).isEqualTo(128);
    assertThat(options.augment().views()).isZero();
    assertThat(options.augment().mixup()).isEqualTo(0.5f);
    assertThat(options).isEqualTo(options("--preset", "standard"));
  }

  @Test
  void theQuickPresetIsWhatItsDescriptionSays() {
    String described =
        "--teacher resnet8x16 --teacher-epochs 10 --teacher-batch 32 --epochs 15 --batch 32"
            + " --views 4 --mixup 0";
    assertThat(options("--preset", "quick")).isEqualTo(options(described.split(" ", -1)));
    String description =
        String.join(
            " ",
            new CommandLine(new Trains()).getCommandSpec().findOption("--preset").description());
    assertThat(description).contains(described);
  }

  @Test
  void whatIsGivenCountsBeforeThePresetEvenIfItIsTheUsualValue() {
    TrainOptions options = options("--epochs", "0", "--preset", "quick");
    assertThat(options.schedule().epochs()).isZero();
    assertThat(options.schedule().batch()).isEqualTo(32);
  }

  @Test
  void aWrongValueIsNamedWithTheLearnerThatItIsOf() {
    assertThatThrownBy(() -> options("--epochs", "-1"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("student: epochs must not be negative: -1");
    assertThatThrownBy(() -> options("--teacher-batch", "1"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("teacher: a batch must have at least 2 images: 1");
    assertThatThrownBy(() -> options("--preset", "slow"))
        .isInstanceOf(CommandLine.ParameterException.class)
        .hasMessageContainingAll("--preset", "slow", "QUICK");
  }
}
