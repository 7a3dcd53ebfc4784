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
    for (int label = 0; label < 2; label++) {
      int own = label;
      assertThat(IntStream.of(fold.fresh().labels()).filter(y -> y == own).count()).isEqualTo(18);
    }
  }

  @Test
  void aClassOfASingleTrackStaysWhereTheStemLearns() {
    ImageSet set =
        Sets.named(
            List.of("a_1", "b_1", "a_2", "b_2", "a_3", "b_3"),
            new int[] {0, 1, 0, 1, 0, 1},
            new byte[6 * 64]);
    Fold fold = Fold.of(set, 0.9, 7);
    assertThat(fold.fitted().labels()).contains(0, 1);
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
