package io.cnn2gnn.topology.gather;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import org.junit.jupiter.api.Test;

class InputTopicsTest {
  @Test
  void aListHasItsNamesOnce() {
    InputTopics inputs = InputTopics.of(" north, south,,north", "");
    assertThat(inputs.names()).containsExactly("north", "south");
    assertThat(inputs).hasToString("north,south");
    assertThat(inputs.isEmpty()).isFalse();
    assertThat(InputTopics.of("", "")).isEqualTo(InputTopics.NONE);
  }

  @Test
  void topicsOfTheServiceItselfAreFoundByNameAndByPattern() {
    List<String> own = List.of("images", "images.dead-letter", "predictions");
    assertThat(InputTopics.of("images,north", "").own(own)).containsExactly("images");
    assertThat(InputTopics.of("", "images.*").own(own))
        .containsExactly("images", "images.dead-letter");
    assertThat(InputTopics.of("", "mage").own(own)).as("whole names").isEmpty();
  }

  @Test
  void whatIsNoTopicAndNoPatternIsNamed() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> InputTopics.of("north;south", ""))
        .withMessage("no name of a topic: north;south");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> InputTopics.of("", "cam-["))
        .withMessageStartingWith("no regular expression: cam-[");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> InputTopics.of("north", "cam-.*"))
        .withMessageContaining("exclude each other");
  }
}
