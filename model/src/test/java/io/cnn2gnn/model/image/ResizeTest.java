package io.cnn2gnn.model.image;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.Collections;
import org.junit.jupiter.api.Test;

class ResizeTest {
  private static InputSpec spec(int side, int channels) {
    return new InputSpec(
        side,
        side,
        channels,
        Collections.nCopies(channels, 0.5f),
        Collections.nCopies(channels, 0.5f));
  }

  private static Pixels flat(int width, int height, int channels, int value) {
    byte[] samples = new byte[width * height * channels];
    Arrays.fill(samples, (byte) value);
    return new Pixels(width, height, channels, samples);
  }

  @Test
  void leavesAnImageOfTheRightShapeAlone() {
    Pixels image = flat(8, 8, 1, 77);
    assertThat(Resize.to(spec(8, 1), image)).isSameAs(image.samples());
  }

  @Test
  void keepsAFlatImageFlatAtAnySize() {
    for (int[] size : new int[][] {{1, 1}, {3, 100}, {200, 7}, {64, 64}, {9, 8}}) {
      for (byte b : Resize.to(spec(8, 1), flat(size[0], size[1], 1, 200))) {
        assertThat(b & 255).isEqualTo(200);
      }
    }
  }

  @Test
  void takesAVeryTallImageWithoutMultiplyingIt() {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    Pixels tall = flat(1, 65_535, 3, 90);
    long before = threads.getCurrentThreadAllocatedBytes();
    byte[] out = Resize.to(spec(28, 3), tall);
    // All of its rows at the new width would be 22 MB.
    assertThat(threads.getCurrentThreadAllocatedBytes() - before).isLessThan(4_000_000);
    assertThat(out).hasSize(28 * 28 * 3).containsOnly(90);
  }

  @Test
  void averagesFineStripesInsteadOfPickingSome() {
    byte[] stripes = new byte[64 * 64];
    for (int i = 0; i < stripes.length; i++) {
      stripes[i] = (byte) (i % 2 == 0 ? 0 : 254);
    }
    for (byte b : Resize.to(spec(8, 1), new Pixels(64, 64, 1, stripes))) {
      assertThat(b & 255).isBetween(110, 145);
    }
  }

  @Test
  void repeatsGreyInThreeChannelsAndWeighsColourToGrey() {
    assertThat(Resize.to(spec(1, 3), flat(1, 1, 1, 9))).containsExactly(9, 9, 9);
    Pixels green = new Pixels(1, 1, 3, new byte[] {0, (byte) 255, 0});
    assertThat(Resize.to(spec(1, 1), green)[0] & 255).isEqualTo(150);
  }
}
