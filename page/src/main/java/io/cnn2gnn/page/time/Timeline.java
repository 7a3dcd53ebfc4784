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
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
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

  /**
   * For so long an instance's last window counts: instances tell of one after five hundred images
   * of their own, so a figure of those alone that spoke just now would jump between them.
   */
  private static final Duration CARRIED = Duration.ofMinutes(10);

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
   * The last windows that all instances have told of by the end of a slot.
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
    // Slots stay where they are while time goes on, and so do points.
    long slot = Math.max(1, Duration.between(from, to).toMillis() / SLOTS);
    // Of each slot the last that each instance told.
    Map<String, TreeMap<Long, Map<String, Told>>> models = new TreeMap<>();
    for (Told one : told) {
      if (one.figure() == figure && isWithin(one.at(), from.minus(CARRIED), to)) {
        long at = one.at().toEpochMilli() / slot;
        models
            .computeIfAbsent(one.model(), model -> new TreeMap<>())
            .computeIfAbsent(at, s -> new HashMap<>())
            .merge(one.instance(), one, (a, b) -> a.at().isAfter(b.at()) ? a : b);
      }
    }
    List<Line> lines = new ArrayList<>();
    models.forEach(
        (model, slots) -> {
          List<Point> points = points(slots, slot, from);
          if (points.isEmpty()) {
            return;
          }
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

  private static List<Point> points(
      SortedMap<Long, Map<String, Told>> slots, long slot, Instant from) {
    List<Point> points = new ArrayList<>();
    Map<String, Told> carried = new HashMap<>();
    slots.forEach(
        (at, instances) -> {
          Instant oldest = Instant.ofEpochMilli(at * slot).minus(CARRIED);
          carried.putAll(instances);
          carried.values().removeIf(one -> one.at().isBefore(oldest));
          if (instances.values().stream().anyMatch(one -> !one.at().isBefore(from))) {
            points.add(point(at * slot + slot / 2, carried));
          }
        });
    return points;
  }

  private static Point point(long at, Map<String, Told> instances) {
    double count = instances.values().stream().mapToDouble(Told::count).sum();
    double sum = instances.values().stream().mapToDouble(one -> one.value() * one.count()).sum();
    return new Point(at, sum / count, count);
  }

  /** A change, and who has made it so far. */
  private record Made(Activated first, Set<String> instances) {
    boolean isJoinedBy(Activated one) {
      return first.model().equals(one.model()) && !one.at().isAfter(first.at().plus(ONE_CHANGE));
    }
  }

  /** An instance that takes the model again that it had has been started again. */
  private List<Change> changes(Instant from, Instant to) {
    List<Activated> inOrder =
        activated.stream().sorted(Comparator.comparing(Activated::at)).toList();
    Map<String, String> modelOf = new HashMap<>();
    List<Made> changes = new ArrayList<>();
    for (Activated one : inOrder) {
      boolean others = modelOf.containsValue(one.model());
      Optional<String> before = Optional.ofNullable(modelOf.put(one.instance(), one.model()));
      if (before.equals(Optional.of(one.model()))) {
        continue;
      }
      Optional<Made> last =
          changes.isEmpty() ? Optional.empty() : Optional.of(changes.get(changes.size() - 1));
      if (last.map(made -> made.isJoinedBy(one)).orElse(false)) {
        last.orElseThrow().instances().add(one.instance());
      } else if (before.isPresent() || !others) {
        // An instance that was not there before answers as the others do.
        changes.add(new Made(one, new HashSet<>(Set.of(one.instance()))));
      }
    }
    return changes.stream()
        .filter(made -> isWithin(made.first().at(), from, to))
        .map(
            made ->
                new Change(
                    made.first().at().toEpochMilli(),
                    made.first().model(),
                    made.instances().size()))
        .toList();
  }
}
