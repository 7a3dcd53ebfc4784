package io.cnn2gnn.training.data;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class FoldTest {
  private static Set<String> tracks(ImageSet set) {
    return set.ids().stream().map(id -> id.replaceAll("_\\d+.png", "")).collect(Collectors.toSet());
  }

  @Test
  void noTrackIsOnBothSidesAndEachClassGivesItsShare() {
    ImageSet set = Sets.tracks(10, 6, 3);
    Fold fold = Fold.of(set, 0.3, 7);
    Set<String> both = new HashSet<>(tracks(fold.fitted()));
    both.retainAll(tracks(fold.fresh()));
    assertThat(both).isEmpty();
    assertThat(fold.fitted().size() + fold.fresh().size()).isEqualTo(set.size());
    assertThat(fold.tracks())
        .hasSize(6)
        .allSatisfy(
            track -> {
              assertThat(track).hasSize(6);
              Set<String> names = new HashSet<>();
              for (int image : track) {
                names.add(fold.fresh().id(image).replaceAll("_\\d+.png", ""));
              }
              assertThat(names).hasSize(1);
            });
    for (int label = 0; label < 2; label++) {
      int own = label;
      assertThat(IntStream.of(fold.fresh().labels()).filter(y -> y == own).count()).isEqualTo(18);
    }
  }

  @Test
  void aClassOfASingleTrackStaysWhereTheStemLearns() {
    ImageSet set =
        Sets.named(
            List.of(
                "train/x/a_1",
                "train/y/b_1",
                "train/x/a_2",
                "train/y/b_2",
                "train/x/a_3",
                "train/y/b_3"),
            new int[] {0, 1, 0, 1, 0, 1},
            new byte[6 * 64]);
    Fold fold = Fold.of(set, 0.9, 7);
    assertThat(fold.fitted().labels()).contains(0, 1);
  }

  @Test
  void ofTwoTracksOfAClassOneIsKept() {
    Fold fold = Fold.of(Sets.tracks(2, 6, 3), 0.2, 7);
    assertThat(fold.tracks()).hasSize(2);
    assertThat(fold.fresh().labels()).contains(0, 1);
    assertThat(Fold.of(Sets.tracks(2, 6, 3), 0, 7).fresh().size()).isZero();
  }

  @Test
  void unlabelledImagesAreNeverKeptFresh() {
    ImageSet set = Sets.named(IntStream.range(0, 20).mapToObj(i -> "image" + i).toList());
    int[] labels = set.labels().clone();
    for (int i = 10; i < 20; i++) {
      labels[i] = ImageSet.UNLABELLED;
    }
    Fold fold = Fold.of(set.with(labels, set.classes()), 0.5, 1);
    assertThat(fold.fresh().hasUnlabelled()).isFalse();
    assertThat(fold.fresh().size()).isEqualTo(6);
    assertThat(fold.fitted().size()).isEqualTo(14);
  }
}
