package io.cnn2gnn.topology.pages;

import io.cnn2gnn.topology.bank.BankScan;
import java.util.List;
import java.util.Set;

/**
 * What an instance's banks hold of an image.
 *
 * @param rows by partition and slot
 * @param searched the partitions that were looked into
 */
record BankRows(List<Row> rows, Set<Integer> searched) {
  /** A row and the partition that it is of. */
  record Row(int partition, BankScan.Found found) {}

  BankRows {
    rows = List.copyOf(rows);
    searched = Set.copyOf(searched);
  }
}
