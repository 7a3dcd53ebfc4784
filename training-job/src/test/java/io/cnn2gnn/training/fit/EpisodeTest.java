package io.cnn2gnn.training.fit;

import static org.assertj.core.api.Assertions.assertThat;

import io.cnn2gnn.training.data.Views;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class EpisodeTest {
  private static final int TRACKS = 60;
  private static final int LENGTH = 6;

  /** Sixty tracks of ten classes. */
  private static Frames frames() {
    int n = TRACKS * LENGTH;
    return new Frames(
        new float[n * 2],
        new float[n * 10],
        IntStream.range(0, n).map(i -> i / LENGTH % 10).toArray(),
        IntStream.range(0, TRACKS)
            .mapToObj(t -> IntStream.range(t * LENGTH, (t + 1) * LENGTH).toArray())
            .toList(),
        IntStream.range(0, TRACKS).map(t -> t % (TRACKS / 2)).toArray());
  }

  private static List<Episode> episodes() {
    return IntStream.range(0, 200)
        .mapToObj(i -> Episode.of(frames(), new Random(Views.mixed(5, 0, i))))
        .toList();
  }

  @Test
  void theFramesOfATrackComeInTheirOrderAndFromOneSource() {
    for (Episode episode : episodes()) {
      int[] last = new int[TRACKS];
      int[] source = new int[TRACKS];
      Arrays.fill(last, -1);
      for (int i = 0; i < episode.frames().length; i++) {
        int track = episode.frames()[i] / LENGTH;
        assertThat(episode.frames()[i]).isGreaterThan(last[track]);
        assertThat(last[track] < 0 || source[track] == episode.sources()[i]).isTrue();
        last[track] = episode.frames()[i];
        source[track] = episode.sources()[i];
      }
    }
  }

  @Test
  void manyShowNoTrackTwiceSoThatAStrangerIsToldFromATwin() {
    long apart =
        episodes().stream()
            .filter(
                e ->
                    Arrays.stream(e.frames()).map(f -> f / LENGTH % (TRACKS / 2)).distinct().count()
                        == e.frames().length)
            .count();
    assertThat(apart).isBetween(50L, 130L);
  }

  @Test
  void whatWasLabelledBeforeIsOfOtherTracksAndOfNoHiddenClass() {
    Set<Integer> sizes = new HashSet<>();
    for (Episode episode : episodes()) {
      assertThat(episode.before()).doesNotContain(episode.frames());
      for (int frame : episode.before()) {
        int thing = frame / LENGTH % (TRACKS / 2);
        assertThat(Arrays.stream(episode.frames()).map(f -> f / LENGTH % (TRACKS / 2)))
            .doesNotContain(thing);
        assertThat(episode.hidden()).doesNotContain(frames().labels()[frame]);
      }
      sizes.add(episode.before().length);
    }
    assertThat(sizes).hasSizeGreaterThan(10);
  }

  @Test
  void someHideClassesThatOnlyLabelsSay() {
    List<Episode> hiding = episodes().stream().filter(e -> !e.hidden().isEmpty()).toList();
    assertThat(hiding).hasSizeBetween(20, 70).allMatch(e -> e.labelled() >= 0.1);
  }
}
