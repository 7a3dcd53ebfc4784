package io.cnn2gnn.page.time;

import io.cnn2gnn.schemas.Printable;
import io.cnn2gnn.schemas.avro.ModelEvent;
import io.cnn2gnn.schemas.release.Releases;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What instances have told of their answers over time: how many of those whose class became known
 * were right, and how far images were from the nearest prototype. Any thread may use it.
 */
public final class Timeline {
  private static final int MOST = 50_000;
  private static final int MOST_MARKS = 1_000;

  /** Of a view: a chart has no room for more. */
  private static final int SLOTS = 120;

  /** Instances take a release one after the other: so far apart it is one change. */
  private static final Duration ONE_CHANGE = Duration.ofMinutes(2);

  private enum Figure {
    ACCURACY("truth.accuracy", "truth.judged"),
    DISTANCE("distance", "images");

    private final String metric;
    private final String count;

    Figure(String metric, String count) {
      this.metric = metric;
      this.count = count;
    }
  }

  /** A window of an instance's answers. */
  private record Told(
      Figure figure, String model, String instance, Instant at, double value, double count) {}

  private record Activated(String model, String instance, Instant at) {}

  private final Deque<Told> told = new ArrayDeque<>();
  private final Deque<Activated> activated = new ArrayDeque<>();
  private final Deque<Alarm> alarms = new ArrayDeque<>();
  private final Map<String, Double> usual = new HashMap<>();

  /** A part of time. */
  public record View(
      String from,
      String to,
      Chart accuracy,
      Chart distance,
      List<Change> changes,
      List<Alarm> alarms) {}

  /** A figure by model. */
  public record Chart(List<Line> lines) {}

  /**
   * Of a model.
   *
   * @param usual what it is compared with, if instances say so
   */
  public record Line(String model, Optional<Double> usual, List<Point> points) {}

  /**
   * The windows that all instances have told of in a slot.
   *
   * @param count answers in them
   */
  public record Point(long at, double value, double count) {}

  /** Another model answers from now on, in so many instances. */
  public record Change(long at, String model, int instances) {}

  /** Answers are not as usual. */
  public record Alarm(long at, String model, String message) {}

  /** Takes in what an instance tells. */
  public synchronized void add(ModelEvent event) {
    String model = Printable.of(Releases.key(event.getName(), event.getVersion()));
    switch (event.getKind()) {
      case STATISTICS -> figures(event, model);
      case DRIFTED -> {
        figures(event, model);
        add(
            alarms,
            new Alarm(event.getAt().toEpochMilli(), model, Printable.of(event.getMessage())),
            MOST_MARKS);
      }
      case ACTIVATED ->
          add(activated, new Activated(model, event.getInstance(), event.getAt()), MOST_MARKS);
      default -> {}
    }
  }

  private void figures(ModelEvent event, String model) {
    for (Figure figure : Figure.values()) {
      Double value = event.getMetrics().get(figure.metric);
      if (value != null && Double.isFinite(value)) {
        double count = event.getMetrics().getOrDefault(figure.count, 1.0);
        add(
            told,
            new Told(
                figure,
                model,
                event.getInstance(),
                event.getAt(),
                value,
                Double.isFinite(count) ? Math.max(1, count) : 1),
            MOST);
      }
    }
    Double known = event.getMetrics().get("truth.usual");
    if (known != null) {
      usual.put(model, known);
      if (usual.size() > MOST_MARKS) {
        usual.clear();
      }
    }
  }

  private static <T> void add(Deque<T> all, T one, int most) {
    all.addLast(one);
    if (all.size() > most) {
      all.removeFirst();
    }
  }

  /** What was told in a part of time. */
  public synchronized View view(Instant from, Instant to) {
    return new View(
        from.toString(),
        to.toString(),
        chart(Figure.ACCURACY, from, to),
        chart(Figure.DISTANCE, from, to),
        changes(from, to),
        alarms.stream()
            .filter(alarm -> isWithin(Instant.ofEpochMilli(alarm.at()), from, to))
            .sorted(Comparator.comparingLong(Alarm::at))
            .toList());
  }

  private static boolean isWithin(Instant at, Instant from, Instant to) {
    return !at.isBefore(from) && !at.isAfter(to);
  }

  private Chart chart(Figure figure, Instant from, Instant to) {
    long slot = Math.max(1, Duration.between(from, to).toMillis() / SLOTS);
    // Of each slot the last that each instance told.
    Map<String, TreeMap<Long, Map<String, Told>>> models = new TreeMap<>();
    for (Told one : told) {
      if (one.figure() == figure && isWithin(one.at(), from, to)) {
        long at = Duration.between(from, one.at()).toMillis() / slot;
        models
            .computeIfAbsent(one.model(), model -> new TreeMap<>())
            .computeIfAbsent(at, s -> new HashMap<>())
            .merge(one.instance(), one, (a, b) -> a.at().isAfter(b.at()) ? a : b);
      }
    }
    List<Line> lines = new ArrayList<>();
    models.forEach(
        (model, slots) -> {
          List<Point> points = new ArrayList<>();
          slots.forEach(
              (at, instances) ->
                  points.add(point(from.toEpochMilli() + at * slot + slot / 2, instances)));
          lines.add(
              new Line(
                  model,
                  figure == Figure.ACCURACY
                      ? Optional.ofNullable(usual.get(model))
                      : Optional.empty(),
                  points));
        });
    lines.sort(Comparator.comparingLong(line -> line.points().get(0).at()));
    return new Chart(lines);
  }

  private static Point point(long at, Map<String, Told> instances) {
    double count = instances.values().stream().mapToDouble(Told::count).sum();
    double sum = instances.values().stream().mapToDouble(one -> one.value() * one.count()).sum();
    return new Point(at, sum / count, count);
  }

  private List<Change> changes(Instant from, Instant to) {
    List<Activated> within =
        activated.stream()
            .filter(one -> isWithin(one.at(), from, to))
            .sorted(Comparator.comparing(Activated::at))
            .toList();
    List<Change> changes = new ArrayList<>();
    for (Activated one : within) {
      long at = one.at().toEpochMilli();
      int last = changes.size() - 1;
      boolean same =
          last >= 0
              && changes.get(last).model().equals(one.model())
              && at - changes.get(last).at() <= ONE_CHANGE.toMillis();
      if (same) {
        Change before = changes.get(last);
        changes.set(last, new Change(before.at(), before.model(), before.instances() + 1));
      } else {
        changes.add(new Change(at, one.model(), 1));
      }
    }
    return changes;
  }
}
