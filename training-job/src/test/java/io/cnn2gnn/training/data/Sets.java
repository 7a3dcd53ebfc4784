package io.cnn2gnn.training.data;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

/** Image sets for tests. */
public final class Sets {
  private Sets() {}

  /** So many tracks of each of two classes, 8 x 8 grey; the frames of one are nearly the same. */
  public static ImageSet tracks(int tracks, int frames, long seed) {
    Random random = new Random(seed);
    List<String> ids = new ArrayList<>();
    List<Integer> labels = new ArrayList<>();
    byte[] pixels = new byte[2 * tracks * frames * 64];
    int at = 0;
    for (int label = 0; label < 2; label++) {
      for (int t = 0; t < tracks; t++) {
        byte[] shown = new byte[64];
        random.nextBytes(shown);
        for (int f = 0; f < frames; f++) {
          ids.add("train/%d/%05d_%05d.png".formatted(label, t, f));
          labels.add(label);
          System.arraycopy(shown, 0, pixels, at, 64);
          pixels[at + random.nextInt(64)] = (byte) random.nextInt(256);
          at += 64;
        }
      }
    }
    return named(ids, labels.stream().mapToInt(y -> y).toArray(), pixels);
  }

  /** Images of two classes, 8 x 8 grey, of these names. */
  static ImageSet named(List<String> ids, int[] labels, byte[] pixels) {
    return new ImageSet("set", 8, 8, 1, pixels, labels, List.of("ant", "bee"), ids);
  }

  /** Black images of two classes of these names, in turn. */
  static ImageSet named(List<String> ids) {
    int[] labels = IntStream.range(0, ids.size()).map(i -> i % 2).toArray();
    return named(ids, labels, new byte[ids.size() * 64]);
  }
}
