package io.cnn2gnn.topology.teaching;

import io.cnn2gnn.topology.teaching.LabelledTier.State;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * The labelled tier as a task has to see it: with what it has written itself and not yet read back.
 * It belongs to one task.
 */
final class TierView {
  /** So many looks at newer states after which a write of this task has surely been read back. */
  private static final int LONGEST_AHEAD = 1000;

  private final LabelledTier tier;
  private final Map<String, Optional<TaughtRow>> ahead = new LinkedHashMap<>();
  private State seen = State.EMPTY;
  private int looks;
  private long version;

  /** The space of which all rows are known to be; empty for none. */
  private String whole = "";

  TierView(LabelledTier tier) {
    this.tier = tier;
  }

  /** Looks at the newest state. */
  void refresh() {
    State now = tier.state();
    if (now.mirror().epoch() == seen.mirror().epoch()) {
      return;
    }
    seen = now;
    version++;
    whole = "";
    ahead
        .entrySet()
        .removeIf(
            entry ->
                Objects.equals(seen.rows().get(entry.getKey()), entry.getValue().orElse(null)));
    looks = ahead.isEmpty() ? 0 : looks + 1;
    if (looks > LONGEST_AHEAD) {
      // Another task has written the same image since.
      ahead.clear();
    }
  }

  Optional<TaughtRow> get(String image) {
    Optional<TaughtRow> own = ahead.get(image);
    return own != null ? own : Optional.ofNullable(seen.rows().get(image));
  }

  /** Another one after each change of what this task sees. */
  long version() {
    return version;
  }

  void put(TaughtRow row) {
    version++;
    // Said again, it is the newest.
    ahead.remove(row.row().image());
    ahead.put(row.row().image(), Optional.of(row));
  }

  void remove(String image) {
    version++;
    ahead.put(image, Optional.empty());
  }

  int size() {
    int size = seen.rows().size();
    for (Map.Entry<String, Optional<TaughtRow>> entry : ahead.entrySet()) {
      size += (entry.getValue().isPresent() ? 1 : 0);
      size -= seen.rows().containsKey(entry.getKey()) ? 1 : 0;
    }
    return size;
  }

  /** Rows of a class, oldest first. */
  Stream<TaughtRow> ofClass(String label) {
    return Stream.concat(
        seen.byClass().getOrDefault(label, List.of()).stream()
            .filter(row -> !ahead.containsKey(row.row().image())),
        ahead.values().stream().flatMap(Optional::stream).filter(r -> label(r).equals(label)));
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
        (image, row) -> {
          Optional.ofNullable(seen.rows().get(image))
              .ifPresent(before -> counts.merge(key.apply(before), -1, Integer::sum));
          row.ifPresent(now -> counts.merge(key.apply(now), 1, Integer::sum));
        });
    return counts;
  }

  Set<String> classes() {
    Set<String> classes = new HashSet<>(seen.byClass().keySet());
    ahead.values().stream().flatMap(Optional::stream).map(TierView::label).forEach(classes::add);
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
        ahead.values().stream().flatMap(Optional::stream));
  }
}
