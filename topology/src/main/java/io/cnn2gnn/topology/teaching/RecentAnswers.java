package io.cnn2gnn.topology.teaching;

import io.cnn2gnn.model.inference.Answer;
import io.cnn2gnn.topology.flow.DecodedImage;
import io.cnn2gnn.topology.flow.Nodes;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.StoreBuilder;
import org.apache.kafka.streams.state.Stores;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The last answers of one partition, whatever the bank admits, so that a label finds its image: a
 * changelogged ring (slot = sequence mod capacity) and an index of it by the images' names.
 */
final class RecentAnswers {
  private static final Logger LOG = LoggerFactory.getLogger(RecentAnswers.class);

  private final int capacity;
  private final KeyValueStore<Integer, byte[]> ring;
  private final Map<String, Integer> slots = new HashMap<>();
  private long next;
  private long lastOffset = -1;

  /** Reads what the store holds, and writes nothing. */
  RecentAnswers(int capacity, KeyValueStore<Integer, byte[]> ring) {
    this.capacity = capacity;
    this.ring = ring;
    Map<String, Long> newest = new HashMap<>();
    try (KeyValueIterator<Integer, byte[]> all = ring.all()) {
      while (all.hasNext()) {
        KeyValue<Integer, byte[]> entry = all.next();
        try {
          take(entry.key, RecentAnswer.decode(entry.value), newest);
        } catch (UncheckedIOException e) {
          LOG.warn("slot {} of recent answers is passed over: {}", entry.key, e.getMessage());
        }
      }
    }
  }

  private void take(int slot, RecentAnswer answer, Map<String, Long> newest) {
    next = Math.max(next, answer.sequence() + 1);
    lastOffset = Math.max(lastOffset, answer.offset());
    if (newest.merge(answer.image(), answer.sequence(), Math::max) == answer.sequence()) {
      slots.put(answer.image(), slot);
    }
  }

  /** The store: encoded answers by slot. */
  static StoreBuilder<KeyValueStore<Integer, byte[]>> store() {
    return Stores.keyValueStoreBuilder(
            Stores.inMemoryKeyValueStore(Nodes.RECENT_STORE), Serdes.Integer(), Serdes.ByteArray())
        .withCachingEnabled()
        .withLoggingEnabled(Map.of());
  }

  void add(DecodedImage image, Answer answer, String model, String space, int projection) {
    lastOffset = Math.max(lastOffset, image.source().offset());
    float[] metric = Arrays.copyOf(answer.row().values(), projection);
    // A finite answer may still come from a vector that overflowed.
    if (capacity == 0 || !TaughtRow.Floats.areFinite(metric)) {
      return;
    }
    int slot = (int) (next % capacity);
    byte[] gone = ring.get(slot);
    if (gone != null) {
      forget(slot, gone);
    }
    RecentAnswer added =
        new RecentAnswer(
            next,
            image.query().image(),
            image.source().offset(),
            answer.label(),
            model,
            // With a label of its own it has been judged already.
            answer.labels().decidedBy() != Answer.Decision.LABEL && image.query().label().isEmpty(),
            space,
            metric);
    ring.put(slot, added.encode());
    slots.put(added.image(), slot);
    next++;
  }

  private void forget(int slot, byte[] bytes) {
    try {
      slots.remove(RecentAnswer.imageOf(bytes), slot);
    } catch (UncheckedIOException e) {
      slots.values().remove(slot);
    }
  }

  Optional<RecentAnswer> find(String image) {
    Integer slot = slots.get(image);
    byte[] bytes = slot == null ? null : ring.get(slot);
    if (bytes == null) {
      return Optional.empty();
    }
    RecentAnswer found = RecentAnswer.decode(bytes);
    return found.image().equals(image) ? Optional.of(found) : Optional.empty();
  }

  /** Its answer is not to be counted again. */
  void counted(RecentAnswer answer) {
    int slot = slots.get(answer.image());
    ring.put(slot, answer.counted().encode());
  }

  /** Of the last image of the partition that was answered; -1 before the first. */
  long lastOffset() {
    return lastOffset;
  }
}
