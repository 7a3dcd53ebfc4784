package io.cnn2gnn.training.data;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class TracksTest {
  @Test
  void framesAreOrderedByTheirNumberWhateverTheOrderOfTheFiles() {
    ImageSet set =
        Sets.named(
            List.of(
                "train/c/a_10.png",
                "train/c/x_1.png",
                "train/c/a_9.png",
                "train/c/x_2.png",
                "train/c/a_2.png",
                "train/c/x_3.png",
                "train/c/b_1.png",
                "train/c/y_1.png",
                "train/c/b_2.png",
                "train/c/y_3.png",
                "train/c/b_3.png",
                "train/c/y_2.png"));
    assertThat(Tracks.of(set).all())
        .containsExactly(
            new int[] {4, 2, 0}, new int[] {1, 3, 5}, new int[] {6, 8, 10}, new int[] {7, 11, 9});
  }

  @Test
  void namesThatOnlyCountTheImagesOfAClassAreNoTracks() {
    ImageSet set =
        Sets.named(
            IntStream.range(0, 40)
                .mapToObj(i -> (i % 2 == 0 ? "train/c/ant_" : "train/c/bee_") + i / 2 + ".jpg")
                .toList());
    assertThat(Tracks.of(set).isEmpty()).isTrue();
  }

  @Test
  void idsOfATopicsImagesAreNoTracks() {
    ImageSet set =
        Sets.named(
            IntStream.range(0, 60)
                .mapToObj(i -> "cam" + i % 6 + "-" + 1_700_000_000L * i)
                .toList());
    assertThat(Tracks.of(set).isEmpty()).isTrue();
  }

  @Test
  void tracksOfAFrameOrTwoAreNone() {
    ImageSet set =
        Sets.named(
            IntStream.range(0, 40).mapToObj(i -> "train/c/t" + i / 4 + "_" + i + ".jpg").toList());
    assertThat(Tracks.of(set).isEmpty()).isTrue();
  }

  @Test
  void oneNameOfAnotherFormMeansThatNobodyMeantTracks() {
    assertThat(Tracks.of(Sets.tracks(4, 5, 1)).all()).hasSize(8);
    ImageSet set = Sets.tracks(4, 5, 1);
    List<String> ids = new java.util.ArrayList<>(set.ids());
    ids.set(7, "holiday.jpg");
    assertThat(Tracks.of(Sets.named(ids, set.labels(), set.pixels())).isEmpty()).isTrue();
  }

  @Test
  void namesTellTracksInASetThatLiesInAFolderOfItsOwnToo() {
    ImageSet set = Sets.tracks(4, 5, 1);
    List<String> ids =
        set.ids().stream().map(id -> id.replace("train/", "signs/Training/")).toList();
    assertThat(Tracks.of(Sets.named(ids, set.labels(), set.pixels())).all()).hasSize(8);
  }
}
