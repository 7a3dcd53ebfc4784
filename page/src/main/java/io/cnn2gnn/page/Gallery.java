package io.cnn2gnn.page;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Predicate;

/** The last answers and refusals; as many as it has room for. Any thread may use it. */
final class Gallery {
  static final int MOST_ANSWERS = 5_000;
  static final int MOST_REFUSED = 200;

  private final Deque<Shown> answers = new ArrayDeque<>();
  private final Deque<Refused> refused = new ArrayDeque<>();
  private final Map<Place, Shown> byPlace = new HashMap<>();

  /**
   * Neighbours are known by their ids alone: the newest image of an id is the one that is shown.
   */
  private final Map<String, Shown> byId = new HashMap<>();

  synchronized void add(Shown answer) {
    answers.addLast(answer);
    byId.put(answer.prediction().getImageId(), answer);
    answer.place().ifPresent(place -> byPlace.put(place, answer));
    if (answers.size() > MOST_ANSWERS) {
      Shown oldest = answers.removeFirst();
      byId.remove(oldest.prediction().getImageId(), oldest);
      oldest.place().ifPresent(place -> byPlace.remove(place, oldest));
    }
  }

  synchronized void add(Refused letter) {
    refused.addLast(letter);
    if (refused.size() > MOST_REFUSED) {
      refused.removeFirst();
    }
  }

  /** The newest answers of a kind, the newest first. */
  synchronized List<Shown> latest(Predicate<Shown> kind, int most) {
    List<Shown> found = new ArrayList<>();
    Iterator<Shown> newest = answers.descendingIterator();
    while (newest.hasNext() && found.size() < most) {
      Shown answer = newest.next();
      if (kind.test(answer)) {
        found.add(answer);
      }
    }
    return found;
  }

  /** Refusals, the newest first. */
  synchronized List<Refused> refused(int most) {
    List<Refused> found = new ArrayList<>();
    Iterator<Refused> newest = refused.descendingIterator();
    while (newest.hasNext() && found.size() < most) {
      found.add(newest.next());
    }
    return found;
  }

  synchronized Optional<Shown> at(Place place) {
    return Optional.ofNullable(byPlace.get(place));
  }

  synchronized Optional<Shown> ofImage(String id) {
    return Optional.ofNullable(byId.get(id));
  }

  /** Classes of the answers that it has. */
  synchronized List<String> classes() {
    TreeSet<String> classes = new TreeSet<>();
    answers.forEach(answer -> classes.add(answer.prediction().getLabel()));
    return List.copyOf(classes);
  }
}
