package io.cnn2gnn.lab.faults;

import io.cnn2gnn.faults.RowResult;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What a row of the fault harness came to, in the names of a JSON file.
 *
 * @param recoverySeconds NaN where nothing was interrupted, and so the worst
 * @param figures empty if the row has none of its own
 * @param skipped why the row could not run; empty if it did
 */
public record RowSummary(
    int row,
    String name,
    boolean green,
    int rounds,
    int images,
    int predicted,
    int deadLettered,
    int lost,
    int duplicated,
    double recoverySeconds,
    double worstRecoverySeconds,
    List<String> notes,
    Optional<SortedMap<String, List<Double>>> figures,
    List<String> problems,
    Optional<String> skipped) {

  public static RowSummary of(RowResult r) {
    return new RowSummary(
        r.row(),
        r.name(),
        r.isGreen(),
        r.rounds(),
        r.images(),
        r.predicted(),
        r.deadLettered(),
        r.lost(),
        r.duplicated(),
        r.recoverySeconds(),
        r.worstRecoverySeconds(),
        r.notes(),
        Optional.of(r.figures()).filter(own -> !own.isEmpty()).map(TreeMap::new),
        r.problems(),
        Optional.of(r.skipped()).filter(reason -> !reason.isEmpty()));
  }
}
