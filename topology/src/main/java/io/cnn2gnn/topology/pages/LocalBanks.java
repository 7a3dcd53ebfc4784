package io.cnn2gnn.topology.pages;

import io.cnn2gnn.topology.bank.BankScan;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Supplier;
import org.apache.kafka.streams.errors.InvalidStateStoreException;
import org.apache.kafka.streams.state.ReadOnlyKeyValueStore;

/** The banks of those partitions that this instance has now. */
final class LocalBanks {
  private final Supplier<Map<Integer, ReadOnlyKeyValueStore<Integer, byte[]>>> rings;
  private final int capacity;

  /**
   * Looks into banks of one capacity.
   *
   * @param rings the stores that can be read now, by partition
   */
  LocalBanks(Supplier<Map<Integer, ReadOnlyKeyValueStore<Integer, byte[]>>> rings, int capacity) {
    this.rings = rings;
    this.capacity = capacity;
  }

  /** A partition that leaves while it is read counts as not searched. */
  BankRows find(String imageId) {
    List<BankRows.Row> rows = new ArrayList<>();
    Set<Integer> searched = new TreeSet<>();
    new TreeMap<>(rings.get())
        .forEach(
            (partition, ring) -> {
              try {
                for (BankScan.Found found : BankScan.find(ring, capacity, imageId)) {
                  rows.add(new BankRows.Row(partition, found));
                }
                searched.add(partition);
              } catch (InvalidStateStoreException | IllegalStateException e) {
                // It has left, or holds rows of a newer version than this one.
                rows.removeIf(row -> row.partition() == partition);
              }
            });
    return new BankRows(rows, searched);
  }
}
