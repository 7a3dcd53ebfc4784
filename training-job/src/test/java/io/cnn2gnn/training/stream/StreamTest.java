package io.cnn2gnn.training.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.cnn2gnn.training.data.ImageSet;
import io.cnn2gnn.training.data.Sets;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class StreamTest {
  private static final ImageSet SET = Sets.tracks(12, 5, 2);

  private static Scenario scenario(int inView, int stride) {
    return new Scenario("s", inView, stride, 8, 0, 0, List.of());
  }

  @Test
  void everyImageComesOnce() {
    for (int inView : new int[] {0, 1, 3}) {
      assertThat(Stream.of(SET, scenario(inView, 1), 4).all())
          .containsExactlyInAnyOrder(java.util.stream.IntStream.range(0, SET.size()).toArray());
    }
    assertThat(Stream.of(SET, scenario(3, 2), 4).size()).isEqualTo(24 * 3);
  }

  @Test
  void aSourceShowsNoMoreTracksAtATimeThanItMay() {
    for (int[] images : Stream.of(SET, scenario(3, 1), 4).sources()) {
      Set<Integer> open = new HashSet<>();
      for (int image : images) {
        open.add(image / 5);
        assertThat(open.size()).isLessThanOrEqualTo(3);
        if (image % 5 == 4) {
          open.remove(image / 5);
        }
      }
    }
  }

  @Test
  void theSeedAloneDecidesTheOrder() {
    int[] once = Stream.of(SET, scenario(2, 1), 4).all();
    assertThat(Stream.of(SET, scenario(2, 1), 4).all()).isEqualTo(once);
    assertThat(Arrays.equals(Stream.of(SET, scenario(2, 1), 5).all(), once)).isFalse();
  }
}
