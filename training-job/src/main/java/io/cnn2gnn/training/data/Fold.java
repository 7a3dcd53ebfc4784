package io.cnn2gnn.training.data;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * A set in two: images that the stem is fitted to, and a share of every class, whole tracks where
 * there are any, on which it is learned how far what neighbours say can be relied on. A stem is
 * surer of images that it has seen than it will be of any other.
 *
 * @param fitted may hold unlabelled images
 * @param fresh labelled; empty where no class has images to spare
 * @param tracks of the fresh ones, by their indices there; none where the set has none
 */
public record Fold(ImageSet fitted, ImageSet fresh, List<int[]> tracks) {
  public Fold {
    tracks = List.copyOf(tracks);
  }

  /**
   * Splits a set.
   *
   * @param share of each class that is kept fresh, in [0, 1)
   */
  public static Fold of(ImageSet set, double share, long seed) {
    Tracks tracks = Tracks.of(set);
    List<int[]> units =
        tracks.isEmpty()
            ? Arrays.stream(set.labelled()).mapToObj(i -> new int[] {i}).toList()
            : tracks.all();
    List<List<int[]>> byClass = new ArrayList<>();
    set.classes().forEach(name -> byClass.add(new ArrayList<>()));
    for (int i : Views.shuffled(units.size(), seed)) {
      byClass.get(set.labels()[units.get(i)[0]]).add(units.get(i));
    }
    Set<Integer> kept = new HashSet<>();
    for (List<int[]> own : byClass) {
      long wanted = share == 0 ? 0 : Math.max(1, Math.round(share * own.size()));
      own.stream()
          .limit(Math.max(0, Math.min(own.size() - 1L, wanted)))
          .flatMapToInt(Arrays::stream)
          .forEach(kept::add);
    }
    int[] fitted = IntStream.range(0, set.size()).filter(i -> !kept.contains(i)).toArray();
    int[] fresh = IntStream.range(0, set.size()).filter(kept::contains).toArray();
    List<int[]> moved =
        tracks.all().stream()
            .filter(track -> kept.contains(track[0]))
            .map(track -> Arrays.stream(track).map(i -> Arrays.binarySearch(fresh, i)).toArray())
            .toList();
    return new Fold(set.subset(fitted), set.subset(fresh), moved);
  }
}
