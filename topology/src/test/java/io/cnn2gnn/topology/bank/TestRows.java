package io.cnn2gnn.topology.bank;

import io.cnn2gnn.model.inference.BankRow;
import org.apache.kafka.streams.state.KeyValueStore;

/** Rows in a ring, without a model that made them. */
public final class TestRows {
  private TestRows() {}

  /** Puts a row of two values where a bank of this capacity would. */
  public static void put(
      KeyValueStore<Integer, byte[]> ring, int capacity, long sequence, String imageId) {
    BankRow row = new BankRow(imageId, "ant", sequence % 2 == 1, new float[] {1, 2});
    ring.put((int) (sequence % capacity), new StoredRow(sequence, "space", row).encode());
  }
}
