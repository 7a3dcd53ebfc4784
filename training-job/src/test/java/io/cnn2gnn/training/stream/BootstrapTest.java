package io.cnn2gnn.training.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class BootstrapTest {
  /** Of 100 tracks of 30 frames a fifth gains as a whole: binomial, 4 points of deviation. */
  @Test
  void tracksAreDrawnAsAWhole() {
    Bootstrap tracks = new Bootstrap(200);
    Bootstrap frames = new Bootstrap(3000);
    for (int track = 0; track < 100; track++) {
      for (int frame = 0; frame < 30; frame++) {
        tracks.add(2 * track, false, track < 20);
        frames.add(30 * track + frame, false, track < 20);
      }
    }
    assertThat(tracks.interval().low()).isEqualTo(0.2 - 1.96 * 0.04, within(0.02));
    assertThat(tracks.interval().high()).isEqualTo(0.2 + 1.96 * 0.04, within(0.02));
    assertThat(frames.interval().low()).isEqualTo(0.2 - 1.96 * 0.0073, within(0.005));
  }

  @Test
  void whatIsRightBothTimesIsNoGainAndNothingIsNothing() {
    Bootstrap same = new Bootstrap(2);
    same.add(0, true, true);
    same.add(1, true, false);
    same.add(1, false, true);
    assertThat(same.interval()).isEqualTo(new Bootstrap.Interval(0, 0));
    assertThat(new Bootstrap(0).interval()).isEqualTo(new Bootstrap.Interval(0, 0));
  }
}
