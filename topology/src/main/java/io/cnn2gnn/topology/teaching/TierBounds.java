package io.cnn2gnn.topology.teaching;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Keeps the labelled tier within its bounds: whoever has the most rows of what is full loses the
 * oldest of them, so nobody pushes out the labels of others with his own. It belongs to one task.
 */
final class TierBounds {
  private final TeachingConfig config;
  private final TierView view;

  /** The state that was looked at last. */
  private long looked = -1;

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
    return view.ofClass(label).anyMatch(row -> !row.row().image().equals(image));
  }

  private boolean isOf(String label, String source) {
    return view.ofClass(label).anyMatch(row -> row.row().source().equals(source));
  }

  /**
   * The rows of a task that have to go, so that the tier is within its bounds. Tasks fill the tier
   * at the same time, none knowing of the others' last rows; of what all have read they find the
   * same rows too many, and each removes its own: none goes twice, and none beside a label that its
   * task takes just then.
   */
  List<TaughtRow> surplus(int owner) {
    if (view.version() == looked) {
      return List.of();
    }
    looked = view.version();
    if (config.capacity() == 0 || isWithin()) {
      return List.of();
    }
    Map<String, TaughtRow> rows = new LinkedHashMap<>();
    view.all().forEach(row -> rows.put(row.row().image(), row));
    List<TaughtRow> surplus = new ArrayList<>();
    for (List<TaughtRow> said : by(TaughtRow::labelledBy, rows)) {
      surplus.addAll(take(rows, said, config.mostOfLabeller()));
    }
    for (List<TaughtRow> same : by(row -> row.row().label(), rows)) {
      surplus.addAll(take(rows, same, config.perClass()));
    }
    surplus.addAll(take(rows, List.copyOf(rows.values()), config.capacity()));
    return surplus.stream().filter(row -> row.owner() == owner).toList();
  }

  private boolean isWithin() {
    return view.size() <= config.capacity()
        && view.countsOfLabellers().values().stream().allMatch(n -> n <= config.mostOfLabeller())
        && view.countsOfClasses().values().stream().allMatch(n -> n <= config.perClass());
  }

  private static Collection<List<TaughtRow>> by(
      Function<TaughtRow, String> key, Map<String, TaughtRow> rows) {
    return rows.values().stream()
        .collect(Collectors.groupingBy(key, TreeMap::new, Collectors.toList()))
        .values();
  }

  /** Takes away what is beyond the most, oldest first, of whoever has the most of it. */
  private static List<TaughtRow> take(Map<String, TaughtRow> rows, List<TaughtRow> of, int most) {
    List<TaughtRow> taken = new ArrayList<>();
    Map<String, Deque<TaughtRow>> byLabeller = new TreeMap<>();
    of.forEach(
        row -> byLabeller.computeIfAbsent(row.labelledBy(), by -> new ArrayDeque<>()).add(row));
    for (int over = of.size() - most; over > 0; over--) {
      TaughtRow oldest =
          Collections.max(byLabeller.values(), Comparator.comparingInt(Deque::size)).removeFirst();
      rows.remove(oldest.row().image());
      taken.add(oldest);
    }
    return taken;
  }
}
