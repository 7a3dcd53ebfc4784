package io.cnn2gnn.training.data;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class MirrorTest {
  /**
   * Bright bars on dark noise, at this column for one class and at that for the other.
   *
   * @param side of the square images
   */
  private static ImageSet bars(int side, int one, int other) {
    Random random = new Random(3);
    byte[] pixels = new byte[60 * side * side];
    for (int i = 0; i < pixels.length; i++) {
      int column = i % side;
      int image = i / (side * side);
      boolean bar = column == (image % 2 == 0 ? one : other);
      pixels[i] = (byte) (random.nextInt(40) + (bar ? 180 : 0));
    }
    return new ImageSet(
        "bars",
        side,
        side,
        1,
        pixels,
        IntStream.range(0, 60).map(i -> i % 2).toArray(),
        List.of("a", "b"));
  }

  @Test
  void whereTheMirrorMakesAnotherClassItHarms() {
    assertThat(Mirror.isHarmless(bars(16, 2, 13))).isFalse();
    assertThat(Mirror.isHarmless(bars(30, 4, 25))).isFalse();
  }

  @Test
  void whereEachClassIsItsOwnMirrorImageItIsHarmless() {
    ImageSet left = bars(16, 2, 7);
    byte[] pixels = left.pixels().clone();
    for (int i = 0; i < pixels.length; i++) {
      int mirrored = i - i % 16 + 15 - i % 16;
      pixels[i] = (byte) Math.max(left.pixels()[i] & 255, left.pixels()[mirrored] & 255);
    }
    assertThat(
            Mirror.isHarmless(
                new ImageSet("both", 16, 16, 1, pixels, left.labels(), left.classes())))
        .isTrue();
  }

  @Test
  void whatCannotBeToldEitherWayIsHarmless() {
    byte[] pixels = new byte[40 * 64];
    Arrays.fill(pixels, (byte) 9);
    int[] labels = IntStream.range(0, 40).map(i -> i % 2).toArray();
    ImageSet flat = new ImageSet("flat", 8, 8, 1, pixels, labels, List.of("a", "b"));
    assertThat(Mirror.isHarmless(flat)).isTrue();
    assertThat(
            Mirror.isHarmless(
                new ImageSet("tiny", 1, 1, 1, new byte[2], new int[] {0, 1}, List.of("a", "b"))))
        .isTrue();
  }
}
