package io.cnn2gnn.training.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class ShadeTest {
  /**
   * Ten tracks of four frames, of classes in turn; track t has samples of 20 t + 10, its first
   * frame of more.
   */
  private static ImageSet ramp(String split) {
    List<String> ids = new ArrayList<>();
    int[] labels = new int[40];
    byte[] pixels = new byte[40 * 64];
    for (int i = 0; i < 40; i++) {
      int track = i / 4;
      labels[i] = track % 2;
      ids.add("%s/%d/%03d_%03d.png".formatted(split, track % 2, track, i % 4));
      Arrays.fill(pixels, 64 * i, 64 * (i + 1), (byte) (20 * track + (i % 4 == 0 ? 25 : 5)));
    }
    return Sets.named(ids, labels, pixels);
  }

  @Test
  void trainsOnBrightTracksAndMeasuresOnDarkOnesAsAWhole() throws Exception {
    DataSource set = () -> new DataSet(ramp("train"), ramp("test"));
    DataSet parted = new Shade(set, 85).read();
    assertThat(parted.train().ids()).hasSize(24).first().isEqualTo("train/0/004_000.png");
    assertThat(parted.test().ids()).hasSize(16).last().isEqualTo("test/1/003_003.png");
  }

  @Test
  void aLevelThatLeavesNothingIsAnError() {
    DataSource set = () -> new DataSet(ramp("train"), ramp("test"));
    assertThatThrownBy(() -> new Shade(set, 1).read())
        .isInstanceOf(IOException.class)
        .hasMessageContaining("too few dark tracks at a level of 1.0");
    assertThatThrownBy(() -> new Shade(set, 0)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void aClassThatNothingBrightShowsIsLeftOut() throws Exception {
    ImageSet train = ramp("train");
    int[] labels = train.labels().clone();
    for (int i = 0; i < labels.length; i++) {
      // The first class is that of the two darkest tracks alone.
      labels[i] = i / 4 < 2 ? 0 : 1 + i / 4 % 2;
    }
    ImageSet own = train.with(labels, List.of("night", "ant", "bee"));
    DataSet parted = new Shade(() -> new DataSet(own, own), 125).read();
    assertThat(parted.train().classes()).containsExactly("ant", "bee");
    assertThat(parted.train().labels()).hasSize(16).containsOnly(0, 1);
    assertThat(parted.test().ids()).hasSize(16).allMatch(id -> id.matches(".*/00[2345]_.*"));
    assertThat(parted.test().labels()).containsOnly(0, 1);
  }
}
