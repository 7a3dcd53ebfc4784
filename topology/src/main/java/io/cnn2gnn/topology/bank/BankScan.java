package io.cnn2gnn.topology.bank;

import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.streams.state.ReadOnlyKeyValueStore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Finds an image among the rows of one partition, beside the thread that owns them. */
public final class BankScan {
  private static final Logger LOG = LoggerFactory.getLogger(BankScan.class);

  private BankScan() {}

  /**
   * A row.
   *
   * @param known whether its label came with the image rather than from the model
   * @param sequence how many rows its partition had admitted before it
   * @param newer how many it has admitted since
   */
  public record Found(
      String label, boolean known, String space, int slot, long sequence, long newer) {}

  /**
   * Every row of the image, by slot: an image that was sent twice has two.
   *
   * @param ring the store, whoever owns it
   * @param capacity of the bank
   */
  public static List<Found> find(
      ReadOnlyKeyValueStore<Integer, byte[]> ring, int capacity, String imageId) {
    record Hit(int slot, StoredRow.Tag tag) {}
    List<Hit> hits = new ArrayList<>();
    byte[] id = StoredRow.encodedId(imageId);
    long newest = -1;
    // Slot by slot: get() takes the store's lock, the iterators of Kafka 4.3's in-memory store read
    // a map without it that its thread is changing.
    for (int slot = 0; slot < capacity; slot++) {
      byte[] bytes = ring.get(slot);
      if (bytes == null) {
        continue;
      }
      try {
        newest = Math.max(newest, StoredRow.sequence(bytes));
        if (StoredRow.isOf(bytes, id)) {
          hits.add(new Hit(slot, StoredRow.tag(bytes)));
        }
      } catch (UncheckedIOException e) {
        LOG.warn("slot {} is passed over: {}", slot, e.getMessage());
      }
    }
    List<Found> found = new ArrayList<>();
    for (Hit hit : hits) {
      StoredRow.Head head = hit.tag().head();
      found.add(
          new Found(
              hit.tag().label(),
              hit.tag().known(),
              head.space(),
              hit.slot(),
              head.sequence(),
              newest - head.sequence()));
    }
    return found;
  }
}
