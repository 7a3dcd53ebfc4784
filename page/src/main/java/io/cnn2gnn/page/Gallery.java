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

/**
 * The last answers and refusals: so many, and no more bytes of keys than it has room for. Any
 * thread may use it.
 */
final class Gallery {
  static final int MOST_ANSWERS = 5_000;
  static final int MOST_REFUSED = 200;
  static final int MOST_MODELS = 50;
  static final long MOST_KEY_BYTES = 16L << 20;

  private final Deque<Shown> answers = new ArrayDeque<>();
  private final Deque<Refused> refused = new ArrayDeque<>();
  private final Deque<ModelNews> models = new ArrayDeque<>();
  private final Map<Place, Shown> byPlace = new HashMap<>();

  /**
   * Neighbours are known by their ids alone: the newest image of an id is the one that is shown.
   */
  private final Map<String, Shown> byId = new HashMap<>();

  private long keyBytes;

  /** The number of what came last. */
  private long last;

  /** What is new. */
  record News(List<Shown> answers, List<Refused> refused, List<ModelNews> models, long last) {}

  synchronized void add(Shown answer) {
    last = answer.number();
    answers.addLast(answer);
    keyBytes += answer.keyBytes();
    byId.put(answer.prediction().getImageId(), answer);
    answer.place().ifPresent(place -> byPlace.put(place, answer));
    while (answers.size() > MOST_ANSWERS || keyBytes > MOST_KEY_BYTES) {
      Shown oldest = answers.removeFirst();
      keyBytes -= oldest.keyBytes();
      byId.remove(oldest.prediction().getImageId(), oldest);
      oldest.place().ifPresent(place -> byPlace.remove(place, oldest));
    }
  }

  synchronized void add(Refused letter) {
    last = letter.number();
    add(refused, letter, MOST_REFUSED);
  }

  synchronized void add(ModelNews news) {
    last = news.number();
    add(models, news, MOST_MODELS);
  }

  private static <T> void add(Deque<T> all, T one, int most) {
    all.addLast(one);
    if (all.size() > most) {
      all.removeFirst();
    }
  }

  /** The newest answers of a kind, the newest first. */
  synchronized List<Shown> latest(Predicate<Shown> kind, int most) {
    return newest(answers, kind, most);
  }

  /** Refusals, the newest first. */
  synchronized List<Refused> refused(int most) {
    return newest(refused, letter -> true, most);
  }

  /** What is told of models, the newest first. */
  synchronized List<ModelNews> models(int most) {
    return newest(models, news -> true, most);
  }

  private static <T> List<T> newest(Deque<T> all, Predicate<T> kind, int most) {
    List<T> found = new ArrayList<>();
    Iterator<T> newest = all.descendingIterator();
    while (newest.hasNext() && found.size() < most) {
      T one = newest.next();
      if (kind.test(one)) {
        found.add(one);
      }
    }
    return found;
  }

  /**
   * The newest of those that came after a number.
   *
   * @param most of each; older ones among them are left out for good
   */
  synchronized News since(long number, int most) {
    return new News(
        newest(answers, answer -> answer.number() > number, most),
        newest(refused, letter -> letter.number() > number, most),
        newest(models, news -> news.number() > number, most),
        last);
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
