package io.cnn2gnn.topology.pages;

import io.cnn2gnn.topology.bank.BankScan;
import java.util.List;

/**
 * The reply to {@code local=true}, which instances write and read.
 *
 * @param searched partitions that were looked into
 */
record LocalReply(String image, List<Row> rows, List<Integer> searched) {
  static LocalReply of(String image, BankRows found) {
    return new LocalReply(
        image,
        found.rows().stream().map(Row::of).toList(),
        found.searched().stream().sorted().toList());
  }

  /** A row of a bank. */
  record Row(
      int partition,
      int slot,
      String label,
      boolean known,
      String space,
      long sequence,
      long newer) {
    private static Row of(BankRows.Row row) {
      BankScan.Found found = row.found();
      return new Row(
          row.partition(),
          found.slot(),
          found.label(),
          found.known(),
          found.space(),
          found.sequence(),
          found.newer());
    }

    BankRows.Row row() {
      return new BankRows.Row(
          partition, new BankScan.Found(label, known, space, slot, sequence, newer));
    }
  }
}
