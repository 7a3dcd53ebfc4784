package io.cnn2gnn.model.label;

import java.util.List;

/**
 * The labelled tier as it is at one moment.
 *
 * @param rows in the order in which they were labelled, each image once
 * @param epoch names this state: two with the same epoch are the same
 */
public record LabelledRows(List<LabelledRow> rows, long epoch) {
  /** Before anybody has labelled anything. */
  public static final LabelledRows NONE = new LabelledRows(List.of(), 0);

  public LabelledRows {
    rows = List.copyOf(rows);
  }
}
