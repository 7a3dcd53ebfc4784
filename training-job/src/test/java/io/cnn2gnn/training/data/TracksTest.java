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
                "a_10.png",
                "x_1.png",
                "a_9.png",
                "x_2.png",
                "a_2.png",
                "x_3.png",
                "b_1.png",
                "y_1.png",
                "b_2.png",
                "y_3.png",
                "b_3.png",
                "y_2.png"));
    assertThat(Tracks.of(set).all())
        .containsExactly(
            new int[] {4, 2, 0}, new int[] {1, 3, 5}, new int[] {6, 8, 10}, new int[] {7, 11, 9});
  }

  @Test
  void namesThatOnlyCountTheImagesOfAClassAreNoTracks() {
    ImageSet set =
        Sets.named(
            IntStream.range(0, 40)
                .mapToObj(i -> (i % 2 == 0 ? "ant_" : "bee_") + i / 2 + ".jpg")
                .toList());
    assertThat(Tracks.of(set).isEmpty()).isTrue();
  }

  @Test
  void tracksOfAFrameOrTwoAreNone() {
    ImageSet set =
        Sets.named(IntStream.range(0, 40).mapToObj(i -> "t" + i / 4 + "_" + i + ".jpg").toList());
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
}
