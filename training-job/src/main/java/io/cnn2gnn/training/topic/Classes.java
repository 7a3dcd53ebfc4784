package io.cnn2gnn.training.topic;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Which classes are trained. A label that few images have is left out with them: otherwise one
 * record with a label of its own would stop every training while it is in the range.
 *
 * @param kept names by index
 * @param leftOut how many labelled images the others have
 */
record Classes(List<String> kept, Map<String, Integer> leftOut) {
  private static final int NAMED = 10;
  private static final int LONGEST = 60;

  /**
   * Those that are given come first, in their order.
   *
   * @param certain classes that there are other images of
   */
  static Classes of(Sampling sampling, List<String> certain, List<StreamImage> images) {
    Map<String, Integer> counts = new TreeMap<>();
    Set<String> learned = new TreeSet<>(certain);
    for (StreamImage image : images) {
      if (image.label().isPresent()) {
        String label = image.label().get();
        counts.merge(label, 1, Integer::sum);
        if (image.learned(sampling.heldOut())) {
          learned.add(label);
        }
      }
    }
    Set<String> all = new LinkedHashSet<>(sampling.classes());
    all.addAll(certain);
    all.addAll(counts.keySet());
    Set<String> sure = Set.copyOf(certain);
    List<String> kept = new ArrayList<>();
    Map<String, Integer> leftOut = new LinkedHashMap<>();
    for (String name : all) {
      int count = counts.getOrDefault(name, 0);
      boolean enough = count >= sampling.minClassImages() && learned.contains(name);
      if (enough || sure.contains(name)) {
        kept.add(name);
      } else {
        leftOut.put(name, count);
      }
    }
    return new Classes(kept, leftOut);
  }

  /** Those that are left out, with their numbers of images, in one line. */
  String without() {
    String names =
        leftOut.entrySet().stream()
            .limit(NAMED)
            .map(e -> "%s (%d)".formatted(cut(e.getKey()), e.getValue()))
            .collect(Collectors.joining(", "));
    return leftOut.size() > NAMED
        ? "%s and %d more".formatted(names, leftOut.size() - NAMED)
        : names;
  }

  private static String cut(String name) {
    return name.length() <= LONGEST ? name : name.substring(0, LONGEST) + "...";
  }
}
