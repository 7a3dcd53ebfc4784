package io.cnn2gnn.topology.bank;

import io.cnn2gnn.model.inference.Answer;
import io.cnn2gnn.model.inference.BankMatrix;
import io.cnn2gnn.model.inference.BankRow;
import io.cnn2gnn.model.inference.Query;
import io.cnn2gnn.model.inference.StudentModel;
import io.cnn2gnn.topology.Nodes;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.StoreBuilder;
import org.apache.kafka.streams.state.Stores;

/**
 * The rows of one partition: a changelogged ring (slot = sequence mod capacity, so store, changelog
 * and disk are bounded) and its dense mirror on the model's device.
 *
 * <p>Rows of another embedding space are never mirrored; the ring overwrites them in its course.
 */
public final class Bank implements AutoCloseable {
  private final BankConfig config;
  private final String space;
  private final KeyValueStore<Integer, byte[]> ring;
  private final BankMatrix matrix;
  private long epoch;

  private Bank(
      BankConfig config, String space, KeyValueStore<Integer, byte[]> ring, BankMatrix matrix) {
    this.config = config;
    this.space = space;
    this.ring = ring;
    this.matrix = matrix;
  }

  /** The bank's store: encoded rows by slot. */
  public static StoreBuilder<KeyValueStore<Integer, byte[]>> store(Map<String, String> changelog) {
    return Stores.keyValueStoreBuilder(
            Stores.inMemoryKeyValueStore(Nodes.BANK_STORE), Serdes.Integer(), Serdes.ByteArray())
        .withCachingEnabled()
        .withLoggingEnabled(changelog);
  }

  /** Mirrors what the store holds of the model's space, in the order it was admitted. */
  public static Bank open(
      BankConfig config, StudentModel model, KeyValueStore<Integer, byte[]> ring) {
    String space = model.card().space();
    int length = model.card().student().rowLength();
    List<StoredRow> rows = new ArrayList<>();
    List<Integer> beyond = new ArrayList<>();
    long epoch = 0;
    try (KeyValueIterator<Integer, byte[]> all = ring.all()) {
      while (all.hasNext()) {
        KeyValue<Integer, byte[]> entry = all.next();
        StoredRow row = StoredRow.decode(entry.value);
        epoch = Math.max(epoch, row.sequence() + 1);
        if (entry.key >= config.capacity()) {
          beyond.add(entry.key);
        } else if (row.space().equals(space) && isSound(row, length)) {
          rows.add(row);
        }
      }
    }
    // The capacity was larger before: what lies outside the ring now would never be overwritten.
    beyond.forEach(ring::delete);
    rows.sort(Comparator.comparingLong(StoredRow::sequence));
    BankMatrix matrix = model.newBank(config.capacity());
    Bank bank = new Bank(config, space, ring, matrix);
    bank.epoch = epoch;
    matrix.add(rows.stream().map(StoredRow::row).toList());
    return bank;
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
    if (config.capacity() == 0) {
      return;
    }
    List<BankRow> admitted = new ArrayList<>();
    for (int i = 0; i < queries.size(); i++) {
      if (config.admits(queries.get(i), answers.get(i))) {
        BankRow row = answers.get(i).row();
        ring.put((int) (epoch % config.capacity()), new StoredRow(epoch, space, row).encode());
        epoch++;
        admitted.add(row);
      }
    }
    matrix.add(admitted);
  }

  @Override
  public void close() {
    matrix.close();
  }
}
