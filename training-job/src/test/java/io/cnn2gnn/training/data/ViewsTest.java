package io.cnn2gnn.training.data;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ViewsTest {
  private static ImageSet noise() {
    byte[] pixels = new byte[5 * 8 * 6 * 3];
    new Random(4).nextBytes(pixels);
    return new ImageSet("noise", 8, 6, 3, pixels, new int[] {0, 1, 0, 1, 0}, List.of("a", "b"));
  }

  @Test
  void aViewDependsOnSeedImageAndNumberAlone() {
    for (float crop : new float[] {1, 0.4f}) {
      Augment augment = new Augment(true, 2, crop, 0, 0);
      byte[] together = new Views(noise(), augment, 9).samples(new int[] {3, 1}, 7);
      byte[] alone = new Views(noise(), augment, 9).samples(new int[] {1}, 7);
      assertThat(together).endsWith(alone);
      assertThat(new Views(noise(), augment, 9).samples(new int[] {1}, 8)).isNotEqualTo(alone);
      assertThat(new Views(noise(), augment, 10).samples(new int[] {1}, 7)).isNotEqualTo(alone);
    }
  }

  @Test
  void withoutAugmentationAViewIsTheImage() {
    Views views = new Views(noise(), new Augment(false, 0, 1, 0, 3), 1);
    assertThat(views.samples(new int[] {0, 1, 2, 3, 4}, 2)).isEqualTo(noise().pixels());
  }

  @Test
  void viewsRecurAfterTheirNumber() {
    Views views = new Views(noise(), new Augment(true, 2, 1, 0, 3), 1);
    assertThat(List.of(views.number(0), views.number(2), views.number(3), views.number(7)))
        .containsExactly(0, 2, 0, 1);
    assertThat(views.recur()).isTrue();
    assertThat(new Views(noise(), new Augment(true, 2, 1, 0, 0), 1).recur()).isFalse();
  }

  @Test
  void aCropOfAConstantImageIsConstant() {
    byte[] pixels = new byte[8 * 6 * 3];
    java.util.Arrays.fill(pixels, (byte) 77);
    ImageSet set = new ImageSet("flat", 8, 6, 3, pixels, new int[] {0}, List.of("a", "b"));
    Views views = new Views(set, new Augment(true, 0, 0.3f, 0, 0), 1);
    for (int view = 0; view < 50; view++) {
      assertThat(views.samples(new int[] {0}, view)).containsOnly((byte) 77);
    }
  }

  @Test
  void lightChangesAllSamplesOfAViewAlike() {
    byte[] pixels = {10, 10, 60, 60, 100, 100};
    ImageSet set = new ImageSet("grey", 2, 3, 1, pixels, new int[] {0}, List.of("a", "b"));
    Views views = new Views(set, new Augment(false, 0, 1, 0.5f, 0), 1);
    Set<Byte> seen = new HashSet<>();
    for (int view = 0; view < 20; view++) {
      byte[] changed = views.samples(new int[] {0}, view);
      assertThat(changed[0]).isEqualTo(changed[1]);
      assertThat(changed[4]).isEqualTo(changed[5]);
      assertThat(changed[0] & 255).isLessThan(changed[2] & 255);
      assertThat(changed[4] & 255).isBetween(44, 181);
      seen.add(changed[4]);
    }
    assertThat(seen).hasSizeGreaterThan(10);
  }

  @Test
  void aMixedViewIsBetweenTwoImagesAndHasNoLabel() {
    byte[] pixels = new byte[100 * 4];
    int[] labels = new int[100];
    for (int i = 0; i < 100; i++) {
      labels[i] = i % 2;
      java.util.Arrays.fill(pixels, 4 * i, 4 * i + 4, (byte) (i % 2 * 200));
    }
    ImageSet set = new ImageSet("two", 2, 2, 1, pixels, labels, List.of("dark", "bright"));
    Views views = new Views(set, new Augment(false, 0, 1, 0, 0.5f, 0), 1);
    int[] all = java.util.stream.IntStream.range(0, 100).toArray();
    Set<Byte> shades = new HashSet<>();
    int mixed = 0;
    for (int view = 0; view < 20; view++) {
      byte[] samples = views.samples(all, view);
      long[] known = views.labels(all, view);
      for (int i : all) {
        if (known[i] == ImageSet.UNLABELLED) {
          mixed++;
          assertThat(samples[4 * i] & 255).isBetween(0, 200);
          shades.add(samples[4 * i]);
        } else {
          assertThat(known[i]).isEqualTo(labels[i]);
          assertThat(samples[4 * i]).isEqualTo(pixels[4 * i]);
        }
      }
      assertThat(views.samples(new int[] {7}, view))
          .isEqualTo(java.util.Arrays.copyOfRange(samples, 28, 32));
    }
    assertThat(mixed).isBetween(900, 1100);
    assertThat(shades).hasSizeGreaterThan(100);
  }

  @Test
  void imagesThatAreShownAlikeAreChangedInOneWay() {
    byte[] pixels = new byte[2 * 8 * 6];
    new Random(4).nextBytes(pixels);
    System.arraycopy(pixels, 0, pixels, 48, 48);
    ImageSet set = new ImageSet("twins", 8, 6, 1, pixels, new int[] {0, 0}, List.of("a", "b"));
    Views views = new Views(set, new Augment(true, 2, 0.5f, 0.5f, 0), 1);
    byte[] alike = views.alike(new int[] {0, 1}, 0, 3);
    assertThat(java.util.Arrays.copyOf(alike, 48)).isEqualTo(views.samples(new int[] {0}, 3));
    assertThat(java.util.Arrays.copyOfRange(alike, 48, 96))
        .isEqualTo(java.util.Arrays.copyOf(alike, 48));
  }

  @Test
  void everyEpochShowsEveryImageOnceInAnotherOrder() {
    Views views = new Views(noise(), new Augment(true, 2, 1, 0, 0), 1);
    Set<List<Integer>> orders = new HashSet<>();
    for (int epoch = 0; epoch < 20; epoch++) {
      int[] order = views.order(epoch);
      assertThat(order).containsExactlyInAnyOrder(0, 1, 2, 3, 4);
      orders.add(java.util.Arrays.stream(order).boxed().toList());
    }
    assertThat(orders).hasSizeGreaterThan(10);
  }
}
