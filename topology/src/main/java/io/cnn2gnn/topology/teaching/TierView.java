package io.cnn2gnn.topology.teaching;

import io.cnn2gnn.topology.teaching.LabelledTier.State;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.stream.Stream;

/**
 * The labelled tier as a task has to see it: with what it has written itself and not yet read back.
 * It belongs to one task.
 */
final class TierView {
  /** After so long a write of this task has been read back, or its transaction was given up. */
  private static final long LONGEST_AHEAD = Duration.ofSeconds(15).toNanos();

  private final LabelledTier tier;
  private final LongSupplier nanos;

  /** By image, the row that this task has written last, or none if it has deleted it. */
  private final Map<String, Write> ahead = new LinkedHashMap<>();

  private State seen = State.EMPTY;
  private long version;

  /** The space of which all rows are known to be; empty for none. */
  private String whole = "";

  private record Write(Optional<TaughtRow> row, long at) {}

  TierView(LabelledTier tier, LongSupplier nanos) {
    this.tier = tier;
    this.nanos = nanos;
  }

  /** Looks at the newest state. */
  void refresh() {
    State newest = tier.state();
    if (newest.mirror().epoch() == seen.mirror().epoch()) {
      return;
    }
    seen = newest;
    version++;
    whole = "";
    long now = nanos.getAsLong();
    ahead
        .entrySet()
        .removeIf(entry -> now - entry.getValue().at() >= LONGEST_AHEAD || isReadBack(entry));
  }

  /** Of an image that is not there it cannot be told whether its row is gone or has yet to come. */
  private boolean isReadBack(Map.Entry<String, Write> entry) {
    return entry.getValue().row().isPresent()
        && entry.getValue().row().get().equals(seen.rows().get(entry.getKey()));
  }

  Optional<TaughtRow> get(String image) {
    Write own = ahead.get(image);
    return own != null ? own.row() : Optional.ofNullable(seen.rows().get(image));
  }

  /** Another one after each change of what this task sees. */
  long version() {
    return version;
  }

  void put(TaughtRow row) {
    version++;
    // Said again, it is the newest.
    ahead.remove(row.row().image());
    ahead.put(row.row().image(), new Write(Optional.of(row), nanos.getAsLong()));
  }

  void remove(String image) {
    version++;
    ahead.remove(image);
    ahead.put(image, new Write(Optional.empty(), nanos.getAsLong()));
  }

  int size() {
    int size = seen.rows().size();
    for (Map.Entry<String, Write> entry : ahead.entrySet()) {
      size += (entry.getValue().row().isPresent() ? 1 : 0);
      size -= seen.rows().containsKey(entry.getKey()) ? 1 : 0;
    }
    return size;
  }

  /** Rows of a class, oldest first. */
  Stream<TaughtRow> ofClass(String label) {
    return Stream.concat(
        seen.byClass().getOrDefault(label, List.of()).stream()
            .filter(row -> !ahead.containsKey(row.row().image())),
        ahead.values().stream()
            .map(Write::row)
            .flatMap(Optional::stream)
            .filter(r -> label(r).equals(label)));
  }

  Map<String, Integer> countsOfClasses() {
    return counts(seen.byClass(), TierView::label);
  }

  Map<String, Integer> countsOfLabellers() {
    return counts(seen.byLabeller(), TaughtRow::labelledBy);
  }

  private Map<String, Integer> counts(
      Map<String, List<TaughtRow>> index, Function<TaughtRow, String> key) {
    Map<String, Integer> counts = new HashMap<>();
    index.forEach((value, rows) -> counts.put(value, rows.size()));
    ahead.forEach(
        (image, write) -> {
          Optional.ofNullable(seen.rows().get(image))
              .ifPresent(before -> counts.merge(key.apply(before), -1, Integer::sum));
          write.row().ifPresent(now -> counts.merge(key.apply(now), 1, Integer::sum));
        });
    return counts;
  }

  Set<String> classes() {
    Set<String> classes = new HashSet<>(seen.byClass().keySet());
    ahead.values().stream()
        .map(Write::row)
        .flatMap(Optional::stream)
        .map(TierView::label)
        .forEach(classes::add);
    return classes;
  }

  private static String label(TaughtRow row) {
    return row.row().label();
  }

  /** Whether no row is of another embedding space; said of the tier as it was read last. */
  boolean isWhollyOf(String space) {
    if (!space.equals(whole)) {
      whole = all().allMatch(row -> row.row().space().equals(space)) ? space : "";
    }
    return space.equals(whole);
  }

  /** All rows, those of this task's last. */
  Stream<TaughtRow> all() {
    return Stream.concat(
        seen.rows().values().stream().filter(row -> !ahead.containsKey(row.row().image())),
        ahead.values().stream().map(Write::row).flatMap(Optional::stream));
  }
}
