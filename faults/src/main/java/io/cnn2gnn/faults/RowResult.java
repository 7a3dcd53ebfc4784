package io.cnn2gnn.faults;

import java.util.List;
import java.util.Map;

/**
 * What a row came to.
 *
 * @param row its number
 * @param name what was done to the service
 * @param rounds how often
 * @param images records in the input topic
 * @param predicted records that were answered
 * @param deadLettered records that were refused
 * @param lost records without an answer or a refusal, and labels without an outcome
 * @param duplicated answers and refusals beyond one a record, and outcomes beyond one a label
 * @param recoverySeconds median time from the end of a fault to the first answer made after it; NaN
 *     where nothing was interrupted
 * @param worstRecoverySeconds the longest
 * @param notes what else the row has to tell, such as memory
 * @param figures of the row's own, by name: one a round
 * @param problems all else that was not as promised; empty when the row is green
 * @param skipped why the row could not run here; empty if it did
 */
public record RowResult(
    int row,
    String name,
    int rounds,
    int images,
    int predicted,
    int deadLettered,
    int lost,
    int duplicated,
    double recoverySeconds,
    double worstRecoverySeconds,
    List<String> notes,
    Map<String, List<Double>> figures,
    List<String> problems,
    String skipped) {
  /** Of a row that cannot run here. */
  static RowResult skipped(Row row, String reason) {
    return without(row, List.of(), reason);
  }

  /** Of a row that did not get what it needs. */
  static RowResult failed(Row row, String problem) {
    return without(row, List.of(problem), "");
  }

  private static RowResult without(Row row, List<String> problems, String skipped) {
    return new RowResult(
        row.number(),
        row.title(),
        0,
        0,
        0,
        0,
        0,
        0,
        Double.NaN,
        Double.NaN,
        List.of(),
        Map.of(),
        problems,
        skipped);
  }

  /** Whether all promises were kept. */
  public boolean isGreen() {
    return skipped.isEmpty() && lost == 0 && duplicated == 0 && problems.isEmpty();
  }
}
