package io.cnn2gnn.training.data;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Which images of a set show one thing, one after the other: files {@code split/CLASS/TRACK_FRAME},
 * where a frame is a number. What producers call images of a topic says nothing of tracks. Where
 * nearly every class would be one such track, the numbers only count its images, and there are
 * none.
 *
 * @param all the indices of the images of each, in order
 */
public record Tracks(List<int[]> all) {
  private static final Pattern NAME =
      Pattern.compile("(?:train|test|val)/[^/]+/(.+)[_.-](\\d{1,18})(\\.[A-Za-z]+)?");
  private static final int MEAN_LENGTH = 3;

  private record Frame(int image, long number) {}

  public Tracks {
    all = List.copyOf(all);
  }

  /** Those of the images whose class is known. */
  public static Tracks of(ImageSet set) {
    Map<String, List<Frame>> found = new LinkedHashMap<>();
    int[] labelled = set.labelled();
    for (int image : labelled) {
      Matcher name = NAME.matcher(set.id(image));
      if (!name.matches()) {
        return new Tracks(List.of());
      }
      found
          .computeIfAbsent(set.labels()[image] + "/" + name.group(1), track -> new ArrayList<>())
          .add(new Frame(image, Long.parseLong(name.group(2))));
    }
    long classes = Arrays.stream(labelled).map(image -> set.labels()[image]).distinct().count();
    boolean counted = found.size() < 2 * classes;
    if (counted || labelled.length < MEAN_LENGTH * found.size()) {
      return new Tracks(List.of());
    }
    return new Tracks(
        found.values().stream()
            .map(
                frames ->
                    frames.stream()
                        .sorted(Comparator.comparingLong(Frame::number))
                        .mapToInt(Frame::image)
                        .toArray())
            .toList());
  }

  public boolean isEmpty() {
    return all.isEmpty();
  }
}
