package io.cnn2gnn.topology.teaching;

import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Keeps the labelled tier within its bounds: whoever has the most rows of what is full loses the
 * oldest of them, so nobody pushes out the labels of others with his own. It belongs to one task.
 */
final class TierBounds {
  private final TeachingConfig config;
  private final TierView view;

  TierBounds(TeachingConfig config, TierView view) {
    this.config = config;
    this.view = view;
  }

  /**
   * Why a label may not be taught, if it may not.
   *
   * @param image that it is of; what it was called before does not count
   * @param known the classes of the model
   */
  Optional<String> objection(String image, String label, String source, Set<String> known) {
    if (known.contains(label) || isInUse(label, image)) {
      return Optional.empty();
    }
    List<String> unknown =
        view.classes().stream()
            .filter(other -> !known.contains(other) && isInUse(other, image))
            .toList();
    if (unknown.size() >= config.newClasses()) {
      return Optional.of(
          "labels have brought %d classes that the model does not know, and may bring no more"
              .formatted(unknown.size()));
    }
    long own = unknown.stream().filter(other -> isOf(other, source)).count();
    return own < config.newClassesOfSource()
        ? Optional.empty()
        : Optional.of(
            "labels of this source have brought %d classes that the model does not know, and may"
                    .formatted(own)
                + " bring no more");
  }

  private boolean isInUse(String label, String image) {
    boolean wasOwn = view.get(image).filter(row -> row.row().label().equals(label)).isPresent();
    return view.countOfClass(label) - (wasOwn ? 1 : 0) > 0;
  }

  private boolean isOf(String label, String source) {
    return view.ofClass(label).anyMatch(row -> row.row().source().equals(source));
  }

  /**
   * Which row has to go next so that there is room for one more.
   *
   * @param image whose row it is; one that is there already makes room for itself
   * @return empty if there is room
   */
  Optional<TaughtRow> victim(String image, String label, String labelledBy) {
    Optional<TaughtRow> before = view.get(image);
    int sameLabeller =
        before.filter(row -> row.labelledBy().equals(labelledBy)).isPresent() ? 1 : 0;
    if (view.countOfLabeller(labelledBy) - sameLabeller >= config.mostOfLabeller()) {
      return oldest(view.ofLabeller(labelledBy), image);
    }
    int sameClass = before.filter(row -> row.row().label().equals(label)).isPresent() ? 1 : 0;
    if (view.countOfClass(label) - sameClass >= config.perClass()) {
      return oldestOfMost(label, image);
    }
    if (view.size() - (before.isPresent() ? 1 : 0) < config.capacity()) {
      return Optional.empty();
    }
    return view.labellers().stream()
        .sorted()
        .max(Comparator.comparingInt(view::countOfLabeller))
        .flatMap(by -> oldest(view.ofLabeller(by), image));
  }

  private static Optional<TaughtRow> oldest(Stream<TaughtRow> rows, String image) {
    return rows.filter(row -> !row.row().image().equals(image)).findFirst();
  }

  private Optional<TaughtRow> oldestOfMost(String label, String image) {
    Map<String, Integer> counts = new TreeMap<>();
    view.ofClass(label).forEach(row -> counts.merge(row.labelledBy(), 1, Integer::sum));
    return counts.entrySet().stream()
        .max(Map.Entry.comparingByValue())
        .flatMap(
            most ->
                oldest(
                    view.ofClass(label).filter(row -> row.labelledBy().equals(most.getKey())),
                    image));
  }
}
