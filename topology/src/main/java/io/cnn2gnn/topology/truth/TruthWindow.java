package io.cnn2gnn.topology.truth;

import io.cnn2gnn.topology.truth.TruthFigures.Mistake;
import io.cnn2gnn.topology.truth.TruthFigures.OfClass;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The last answers of a model that could be judged. */
final class TruthWindow {
  /** Of fewer answers chance alone moves the accuracy a lot. */
  static final int SIZE = 500;

  private record Judged(String answered, String truth, boolean right) {}

  private final Deque<Judged> last = new ArrayDeque<>();
  private Optional<Share> first = Optional.empty();
  private int right;
  private long ever;

  void add(String answered, String truth) {
    if (last.size() == SIZE) {
      right -= last.removeFirst().right() ? 1 : 0;
    }
    boolean isRight = answered.equals(truth);
    last.addLast(new Judged(ShownClasses.clean(answered), ShownClasses.clean(truth), isRight));
    right += isRight ? 1 : 0;
    ever++;
    if (ever == SIZE) {
      first = Optional.of(share());
    }
  }

  /**
   * Whether it is full of answers none of which was in it when this was last so. Windows that share
   * answers would be as many tries at one limit.
   */
  boolean isFullAnew() {
    return ever > 0 && ever % SIZE == 0;
  }

  /** Of at least one answer. */
  Share share() {
    return new Share((double) right / last.size(), last.size());
  }

  /** The first full window. */
  Optional<Share> first() {
    return first;
  }

  TruthFigures figures(String model, Optional<Share> usual) {
    Map<String, Integer> images = new HashMap<>();
    Map<String, Integer> hits = new HashMap<>();
    Map<Judged, Integer> misses = new HashMap<>();
    for (Judged one : last) {
      images.merge(one.truth(), 1, Integer::sum);
      if (one.right()) {
        hits.merge(one.truth(), 1, Integer::sum);
      } else {
        misses.merge(one, 1, Integer::sum);
      }
    }
    return new TruthFigures(
        model,
        ever,
        last.size(),
        (double) right / last.size(),
        usual.map(Share::value),
        classes(images, hits),
        mistakes(misses));
  }

  private static List<OfClass> classes(Map<String, Integer> images, Map<String, Integer> hits) {
    return images.entrySet().stream()
        .map(
            of -> {
              int hit = hits.getOrDefault(of.getKey(), 0);
              return new OfClass(of.getKey(), of.getValue(), hit, (double) hit / of.getValue());
            })
        .sorted(Comparator.comparingInt(OfClass::judged).reversed().thenComparing(OfClass::label))
        .toList();
  }

  private static List<Mistake> mistakes(Map<Judged, Integer> misses) {
    return misses.entrySet().stream()
        .map(of -> new Mistake(of.getKey().truth(), of.getKey().answered(), of.getValue()))
        .sorted(
            Comparator.comparingInt(Mistake::count)
                .reversed()
                .thenComparing(Mistake::truth)
                .thenComparing(Mistake::answered))
        .toList();
  }
}
