package io.cnn2gnn.intake.files;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class LayoutTest {
  private static List<String> labels(String... paths) {
    Layout layout = Layout.of(List.of(paths));
    return List.of(paths).stream().map(path -> layout.label(path).orElse("-")).toList();
  }

  @Test
  void anImagesFolderIsItsClass() {
    assertThat(labels("bag/1.png", "T-shirt%2Ftop/1.png", "1.png"))
        .containsExactly("bag", "T-shirt/top", "-");
    assertThat(labels("train/bag/1.png", "test/dress/1.png")).containsExactly("bag", "dress");
    assertThat(labels("bag/1.png")).containsExactly("bag");
  }

  @Test
  void aDecomposedNameIsTheClassOfTheComposedOne() {
    assertThat(labels("Cafe\u0301/1.png")).containsExactly("Caf\u00e9");
  }

  @Test
  void aFolderThatASetWasPackedInIsNoClass() {
    assertThat(labels("mine/cover.png", "mine/bag/1.png")).containsExactly("-", "bag");
    Layout layout = Layout.of(List.of("a/mine/train/bag/1.png", "a/mine/Test/bag/2.png"));
    assertThat(layout.root()).isEqualTo("a/mine/");
    assertThat(layout.split("a/mine/Test/bag/2.png")).contains(Split.TEST);
    assertThat(layout.label("a/mine/Test/bag/2.png")).contains("bag");
  }

  @Test
  void aSetThatLiesBesideOtherImagesIsFoundIfItIsTheOnlyOne() {
    Layout one = Layout.of(List.of("docs/1.png", "mine/train/bag/1.png", "mine/test/bag/1.png"));
    assertThat(one.root()).isEqualTo("mine/");
    assertThat(one.split("docs/1.png")).isEmpty();
    assertThat(one.candidates()).isEmpty();
    Layout two = Layout.of(List.of("a/train/bag/1.png", "b/train/bag/1.png"));
    assertThat(two.candidates()).containsExactly("a/", "b/");
  }

  @Test
  void splitsAndUnlabelledImagesHaveNoClass() {
    assertThat(labels("train/1.png", "train/bag/1.png", "Unlabeled/1.png", "unlabelled/x/1.png"))
        .containsExactly("-", "bag", "-", "-");
    assertThat(labels("a/unlabelled/1.png", "b/unlabelled/1.png", "b/bag/1.png"))
        .containsExactly("-", "-", "bag");
  }

  @Test
  void aClassMayBeCalledAsASplitIs() {
    assertThat(labels("train/1.png", "bus/1.png")).containsExactly("train", "bus");
    assertThat(labels("train/train/1.png", "test/train/1.png")).containsExactly("train", "train");
  }

  @Test
  void splitsHaveTheNamesThatAreInUse() {
    assertThat(Split.of("Training")).contains(Split.TRAIN);
    assertThat(Split.of("TESTING")).contains(Split.TEST);
    assertThat(Split.of("valid")).contains(Split.VALIDATION);
    assertThat(Split.of("trainer")).isEmpty();
    assertThat(Split.ofImage("a/b/Test/bag/1.png")).contains(Split.TEST);
    assertThat(Split.ofImage("test/1.png")).isEqualTo(Optional.empty());
  }
}
