package io.cnn2gnn.topology.bank;

import io.cnn2gnn.model.inference.Answer;
import io.cnn2gnn.model.inference.BankMatrix;
import io.cnn2gnn.model.inference.BankRow;
import io.cnn2gnn.model.inference.Query;
import io.cnn2gnn.model.inference.StudentModel;
import io.cnn2gnn.topology.Nodes;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.StoreBuilder;
import org.apache.kafka.streams.state.Stores;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The rows of one partition: a changelogged ring (slot = sequence mod capacity, so store, changelog
 * and disk are bounded) and its dense mirror on the model's device.
 *
 * <p>Rows of another embedding space are never mirrored. They are evicted a slice at a time, so
 * that a new model does not begin with one long batch.
 */
public final class Bank implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Bank.class);

  /** Rows evicted beside one batch. */
  static final int SLICE = 64;

  private final BankConfig config;
  private final String space;
  private final KeyValueStore<Integer, byte[]> ring;
  private final BankMatrix matrix;
  private final Set<Integer> stale = new LinkedHashSet<>();
  private boolean misplaced;
  private long epoch;

  private Bank(
      BankConfig config, String space, KeyValueStore<Integer, byte[]> ring, BankMatrix matrix) {
    this.config = config;
    this.space = space;
    this.ring = ring;
    this.matrix = matrix;
  }

  /** The bank's store: encoded rows by slot. */
  public static StoreBuilder<KeyValueStore<Integer, byte[]>> store() {
    return Stores.keyValueStoreBuilder(
            Stores.inMemoryKeyValueStore(Nodes.BANK_STORE), Serdes.Integer(), Serdes.ByteArray())
        .withCachingEnabled()
        .withLoggingEnabled(Map.of());
  }

  /**
   * Mirrors what the store holds of the model's space, in the order it was admitted. Only reads: a
   * store cannot be written before its task runs.
   */
  public static Bank open(
      BankConfig config, StudentModel model, KeyValueStore<Integer, byte[]> ring) {
    Bank bank = new Bank(config, model.card().space(), ring, model.newBank(config.capacity()));
    bank.mirror(model.card().student().rowLength());
    return bank;
  }

  private void mirror(int rowLength) {
    Map<Integer, StoredRow> own = new HashMap<>();
    try (KeyValueIterator<Integer, byte[]> all = ring.all()) {
      while (all.hasNext()) {
        KeyValue<Integer, byte[]> entry = all.next();
        try {
          StoredRow row = StoredRow.decode(entry.value);
          epoch = Math.max(epoch, row.sequence() + 1);
          if (row.space().equals(space) && isSound(row, rowLength)) {
            own.put(entry.key, row);
            continue;
          }
        } catch (UncheckedIOException e) {
          LOG.warn("slot {} is dropped: {}", entry.key, e.getMessage());
        }
        stale.add(entry.key);
      }
    }
    List<StoredRow> rows = new ArrayList<>();
    own.forEach(
        (slot, row) -> {
          if (isRecent(row)) {
            rows.add(row);
            misplaced |= slot != slot(row.sequence());
          } else {
            stale.add(slot);
          }
        });
    rows.sort(Comparator.comparingLong(StoredRow::sequence));
    matrix.add(rows.stream().map(StoredRow::row).toList());
  }

  private boolean isRecent(StoredRow row) {
    return row.sequence() >= epoch - config.capacity();
  }

  private int slot(long sequence) {
    return (int) (sequence % config.capacity());
  }

  /** A damaged row must not become every image's neighbour. */
  private static boolean isSound(StoredRow row, int length) {
    float[] values = row.row().values();
    boolean sound = values.length == length;
    for (int i = 0; sound && i < length; i++) {
      sound = Float.isFinite(values[i]);
    }
    return sound;
  }

  /** The mirror, for the model. */
  public BankMatrix matrix() {
    return matrix;
  }

  /** How many rows were ever admitted: names the state of the bank that answered a batch. */
  public long epoch() {
    return epoch;
  }

  /** Takes in those images of a batch that the policy lets in, in order. */
  public void admit(List<Query> queries, List<Answer> answers) {
    tidy();
    if (config.capacity() == 0) {
      return;
    }
    List<BankRow> admitted = new ArrayList<>();
    for (int i = 0; i < queries.size(); i++) {
      if (config.admits(queries.get(i), answers.get(i))) {
        BankRow row = answers.get(i).row();
        put(new StoredRow(epoch, space, row));
        epoch++;
        admitted.add(row);
      }
    }
    matrix.add(admitted);
  }

  private void put(StoredRow row) {
    int slot = slot(row.sequence());
    ring.put(slot, row.encode());
    stale.remove(slot);
  }

  private void tidy() {
    if (misplaced) {
      placeAgain();
      misplaced = false;
    }
    Iterator<Integer> slots = stale.iterator();
    for (int i = 0; i < SLICE && slots.hasNext(); i++) {
      ring.delete(slots.next());
      slots.remove();
    }
  }

  /** The capacity has changed, and with it the slot of every row. */
  private void placeAgain() {
    Map<Integer, StoredRow> moving = new HashMap<>();
    try (KeyValueIterator<Integer, byte[]> all = ring.all()) {
      while (all.hasNext()) {
        KeyValue<Integer, byte[]> entry = all.next();
        if (!stale.contains(entry.key)) {
          StoredRow row = StoredRow.decode(entry.value);
          if (slot(row.sequence()) != entry.key) {
            moving.put(entry.key, row);
          }
        }
      }
    }
    moving.keySet().forEach(ring::delete);
    moving.values().forEach(this::put);
  }

  @Override
  public void close() {
    matrix.close();
  }
}
