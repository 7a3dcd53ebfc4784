package io.cnn2gnn.topology.bank;

import io.cnn2gnn.model.inference.Answer;
import io.cnn2gnn.model.inference.BankMatrix;
import io.cnn2gnn.model.inference.BankRow;
import io.cnn2gnn.model.inference.Query;
import io.cnn2gnn.model.inference.StudentModel;
import io.cnn2gnn.model.label.LabelledRows;
import io.cnn2gnn.topology.flow.Nodes;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
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
 * <p>Rows of another embedding space are never mirrored. Those of the space that answered before
 * stay in the ring until newer ones take their slots, so that a rollback finds them; those of any
 * older space are evicted, a slice at a time, so that a new model does not begin with one long
 * batch.
 */
public final class Bank implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Bank.class);

  /** Rows evicted beside one batch. */
  static final int SLICE = 64;

  private final BankConfig config;
  private final KeyValueStore<Integer, byte[]> ring;
  private final Set<Integer> stale = new LinkedHashSet<>();
  private String space = "";
  private BankMatrix matrix;

  /** Sequence and image of each row of the mirror, by its place there. */
  private final List<Mirrored> mirrored = new ArrayList<>();

  /** The places of each image there: it may have come several times. */
  private final Map<String, Set<Integer>> places = new HashMap<>();

  private int nextPlace;
  private boolean misplaced;
  private long epoch;

  private record Mirrored(long sequence, String image) {}

  private Bank(BankConfig config, StudentModel model, KeyValueStore<Integer, byte[]> ring) {
    this.config = config;
    this.ring = ring;
    this.matrix = load(model);
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
    return new Bank(config, model, ring);
  }

  /**
   * Mirrors another model's space from now on. The count of rows goes on, whatever their space. If
   * this throws, the bank is as it was.
   */
  public void changeTo(StudentModel model) {
    BankMatrix before = matrix;
    matrix = load(model);
    before.close();
  }

  /** Reads the ring for a model, and is then of its space. */
  private BankMatrix load(StudentModel model) {
    Contents contents = read(model);
    space = contents.space();
    epoch = contents.epoch();
    misplaced = contents.misplaced();
    stale.clear();
    stale.addAll(contents.stale());
    mirrored.clear();
    places.clear();
    nextPlace = 0;
    contents.own().forEach(row -> mirror(row.sequence(), row.row()));
    return contents.matrix();
  }

  /**
   * What the ring holds for a model.
   *
   * @param matrix rows of its space
   * @param own the same rows, in their order
   * @param epoch rows that were ever admitted, of any space
   * @param misplaced whether some lie in slots of another capacity
   * @param stale slots to be evicted
   */
  private record Contents(
      String space,
      BankMatrix matrix,
      List<StoredRow> own,
      long epoch,
      boolean misplaced,
      Set<Integer> stale) {}

  private Contents read(StudentModel model) {
    String wanted = model.card().space();
    Map<Integer, StoredRow.Head> heads = new HashMap<>();
    List<StoredRow> own = new ArrayList<>();
    Set<Integer> unusable = new LinkedHashSet<>();
    long end = epoch;
    try (KeyValueIterator<Integer, byte[]> all = ring.all()) {
      while (all.hasNext()) {
        KeyValue<Integer, byte[]> entry = all.next();
        try {
          StoredRow.Head head = StoredRow.head(entry.value);
          end = Math.max(end, head.sequence() + 1);
          if (head.space().equals(wanted)) {
            own.add(sound(StoredRow.decode(entry.value), model.card().student().rowLength()));
          }
          heads.put(entry.key, head);
        } catch (UncheckedIOException e) {
          LOG.warn("slot {} is dropped: {}", entry.key, e.getMessage());
          unusable.add(entry.key);
        }
      }
    }
    long oldest = end - config.capacity();
    String before =
        heads.values().stream()
            .filter(head -> !head.space().equals(wanted))
            .max(Comparator.comparingLong(StoredRow.Head::sequence))
            .map(StoredRow.Head::space)
            .orElse(wanted);
    boolean moved = false;
    for (Map.Entry<Integer, StoredRow.Head> entry : heads.entrySet()) {
      StoredRow.Head head = entry.getValue();
      boolean held = head.space().equals(wanted) || head.space().equals(before);
      if (!held || head.sequence() < oldest) {
        unusable.add(entry.getKey());
      } else {
        moved |= entry.getKey() != slot(head.sequence());
      }
    }
    List<StoredRow> kept =
        own.stream()
            .filter(row -> row.sequence() >= oldest)
            .sorted(Comparator.comparingLong(StoredRow::sequence))
            .toList();
    BankMatrix mirror = model.newBank(config.capacity());
    try {
      mirror.add(kept.stream().map(StoredRow::row).toList());
    } catch (RuntimeException | Error e) {
      mirror.close();
      throw e;
    }
    return new Contents(wanted, mirror, kept, end, moved, unusable);
  }

  private int slot(long sequence) {
    return (int) (sequence % config.capacity());
  }

  /** A damaged row must not become every image's neighbour. */
  private static StoredRow sound(StoredRow row, int length) {
    float[] values = row.row().values();
    if (values.length != length) {
      throw damaged(values.length + " values where the model has " + length);
    }
    if (!isFinite(values)) {
      throw damaged("a value is not finite");
    }
    return row;
  }

  private static boolean isFinite(float[] values) {
    for (float value : values) {
      if (!Float.isFinite(value)) {
        return false;
      }
    }
    return true;
  }

  private static UncheckedIOException damaged(String what) {
    return new UncheckedIOException("the bank holds a damaged row", new IOException(what));
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
      BankRow row = answers.get(i).row();
      // A finite answer may still lean on a row that overflowed.
      if (config.admits(queries.get(i), answers.get(i)) && isFinite(row.values())) {
        put(new StoredRow(epoch, space, row));
        mirror(epoch, row);
        epoch++;
        admitted.add(row);
      }
    }
    matrix.add(admitted);
  }

  private void mirror(long sequence, BankRow row) {
    Mirrored one = new Mirrored(sequence, row.image());
    if (nextPlace < mirrored.size()) {
      String gone = mirrored.set(nextPlace, one).image();
      places.get(gone).remove(nextPlace);
      if (places.get(gone).isEmpty()) {
        places.remove(gone);
      }
    } else {
      mirrored.add(one);
    }
    places.computeIfAbsent(one.image(), name -> new TreeSet<>()).add(nextPlace);
    nextPlace = (nextPlace + 1) % config.capacity();
  }

  /** What the labelled tier holds, from the next batch on. */
  public void teach(LabelledRows rows, boolean ofSource) {
    matrix.teach(rows, ofSource);
  }

  /**
   * Says in the rows of an image that its class is known, so that no row says otherwise; or, if it
   * is no longer known, that it is what was said last.
   *
   * @param image the image's name
   */
  public void relabel(String image, Optional<String> label) {
    for (int place : places.getOrDefault(image, Set.of())) {
      relabel(place, mirrored.get(place), label);
    }
  }

  private void relabel(int place, Mirrored one, Optional<String> label) {
    byte[] bytes = ring.get(slot(one.sequence()));
    StoredRow stored = bytes == null ? null : StoredRow.decode(bytes);
    if (stored == null || stored.sequence() != one.sequence()) {
      return; // it has not been placed again yet
    }
    BankRow row = stored.row().with(label.orElse(stored.row().label()), label.isPresent());
    put(new StoredRow(one.sequence(), space, row));
    matrix.relabel(place, row);
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
