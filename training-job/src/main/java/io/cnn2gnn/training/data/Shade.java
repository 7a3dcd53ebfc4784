package io.cnn2gnn.training.data;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A data set whose training half is bright and whose test half is dark: what a camera sees that was
 * set up by day. Whole {@link Tracks} are bright or dark, or images where there are none. Classes
 * that nothing bright shows are left out.
 *
 * @param all the set
 * @param level mean sample, 0 to 255, below which a track is dark
 */
public record Shade(DataSource all, double level) implements DataSource {
  private static final Logger LOG = LoggerFactory.getLogger(Shade.class);

  public Shade {
    if (!(level > 0 && level < 255)) {
      throw new IllegalArgumentException("a level of light lies between 0 and 255: " + level);
    }
  }

  @Override
  public DataSet read() throws IOException, InterruptedException {
    DataSet set = all.read();
    DataSet parted = known(new DataSet(part(set.train(), false), part(set.test(), true)));
    DataSets.check(this, parted);
    return parted;
  }

  private static DataSet known(DataSet parted) {
    List<String> classes = parted.train().classes();
    int[] kept =
        Arrays.stream(parted.train().labels())
            .filter(label -> label != ImageSet.UNLABELLED)
            .distinct()
            .sorted()
            .toArray();
    if (kept.length == classes.size()) {
      return parted;
    }
    List<String> names = Arrays.stream(kept).mapToObj(classes::get).toList();
    LOG.warn(
        "nothing bright shows {}: left out",
        classes.stream().filter(name -> !names.contains(name)).toList());
    return new DataSet(of(parted.train(), kept, names), of(parted.test(), kept, names));
  }

  private static ImageSet of(ImageSet set, int[] kept, List<String> names) {
    ImageSet own =
        set.subset(
            IntStream.range(0, set.size())
                .filter(i -> set.labels()[i] == ImageSet.UNLABELLED || index(kept, set, i) >= 0)
                .toArray());
    int[] labels =
        IntStream.range(0, own.size())
            .map(
                i ->
                    own.labels()[i] == ImageSet.UNLABELLED
                        ? ImageSet.UNLABELLED
                        : index(kept, own, i))
            .toArray();
    return own.with(labels, names);
  }

  private static int index(int[] kept, ImageSet set, int image) {
    return Arrays.binarySearch(kept, set.labels()[image]);
  }

  private ImageSet part(ImageSet set, boolean dark) throws IOException {
    List<int[]> units = new ArrayList<>(Tracks.of(set).all());
    boolean tracks = !units.isEmpty();
    Set<Integer> tracked =
        units.stream().flatMapToInt(Arrays::stream).boxed().collect(Collectors.toSet());
    IntStream.range(0, set.size())
        .filter(i -> !tracked.contains(i))
        .forEach(i -> units.add(new int[] {i}));
    ImageSet part =
        set.subset(
            units.stream()
                .filter(unit -> mean(set, unit) < level == dark)
                .flatMapToInt(Arrays::stream)
                .sorted()
                .toArray());
    if (tracks && Tracks.of(part).isEmpty()) {
      throw new IOException(
          "%s has too few %s tracks at a level of %s; choose another"
              .formatted(set.name(), dark ? "dark" : "bright", level));
    }
    return part;
  }

  private static double mean(ImageSet set, int[] images) {
    long sum = 0;
    for (int image : images) {
      for (int i = image * set.imageBytes(); i < (image + 1) * set.imageBytes(); i++) {
        sum += set.pixels()[i] & 255;
      }
    }
    return (double) sum / images.length / set.imageBytes();
  }

  @Override
  public String toString() {
    return all + ", trained on what is brighter than " + level;
  }
}
