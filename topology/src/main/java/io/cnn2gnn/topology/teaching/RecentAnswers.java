package io.cnn2gnn.topology.teaching;

import io.cnn2gnn.model.inference.Answer;
import io.cnn2gnn.topology.flow.DecodedImage;
import io.cnn2gnn.topology.flow.Nodes;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
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
 * changelogged ring of chunks and an index of it by the images' names.
 *
 * <p>A chunk holds {@link #CHUNK} answers. The last one grows with each batch, and behind the
 * record cache a commit writes it once: a record for each answer would cost the broker as much as
 * its prediction does.
 */
final class RecentAnswers {
  private static final Logger LOG = LoggerFactory.getLogger(RecentAnswers.class);

  /** Answers of a chunk. */
  static final int CHUNK = 64;

  private final int chunks;
  private final KeyValueStore<Integer, byte[]> ring;
  private final Map<String, Place> places = new HashMap<>();

  /** The chunk that grows, its answers encoded. */
  private final List<byte[]> last = new ArrayList<>();

  private long next;
  private long lastOffset = -1;

  /** Where an answer is: the slot of its chunk, and which of the partition's answers it is. */
  private record Place(int slot, long sequence) {}

  /**
   * Reads what the store holds, and writes nothing.
   *
   * @param capacity answers that are found at least, once so many were given; 0 for none. Each
   *     restart begins a chunk, and so leaves up to {@link #CHUNK} fewer for a while
   */
  RecentAnswers(int capacity, KeyValueStore<Integer, byte[]> ring) {
    this.chunks = capacity == 0 ? 0 : (capacity + CHUNK - 1) / CHUNK + 1;
    this.ring = ring;
    try (KeyValueIterator<Integer, byte[]> all = ring.all()) {
      while (all.hasNext()) {
        KeyValue<Integer, byte[]> entry = all.next();
        for (RecentAnswer answer : read(entry.key, entry.value)) {
          take(entry.key, answer);
        }
      }
    }
    // The chunk that was the last stays as it is: its slot may be another one's by now.
    next = (next + CHUNK - 1) / CHUNK * CHUNK;
  }

  private void take(int slot, RecentAnswer answer) {
    next = Math.max(next, answer.sequence() + 1);
    lastOffset = Math.max(lastOffset, answer.offset());
    places.merge(
        answer.image(),
        new Place(slot, answer.sequence()),
        (a, b) -> a.sequence() > b.sequence() ? a : b);
  }

  /** The store: chunks by slot. */
  static StoreBuilder<KeyValueStore<Integer, byte[]>> store() {
    return Stores.keyValueStoreBuilder(
            Stores.inMemoryKeyValueStore(Nodes.RECENT_STORE), Serdes.Integer(), Serdes.ByteArray())
        .withCachingEnabled()
        .withLoggingEnabled(Map.of());
  }

  /** Remembers an answer; it is found from the next {@link #flush} on. */
  void add(DecodedImage image, Answer answer, String model, String space, int projection) {
    lastOffset = Math.max(lastOffset, image.source().offset());
    float[] metric = Arrays.copyOf(answer.row().values(), projection);
    // A finite answer may still come from a vector that overflowed.
    if (chunks == 0 || !TaughtRow.Floats.areFinite(metric)) {
      return;
    }
    if (next % CHUNK == 0) {
      flush();
      last.clear();
      forget(slot(next));
    }
    last.add(
        new RecentAnswer(
                next,
                image.query().image(),
                image.source().offset(),
                answer.label(),
                answer.labels().without().label(),
                model,
                // With a label of its own it has been judged already.
                answer.labels().decidedBy() != Answer.Decision.LABEL
                    && image.query().label().isEmpty(),
                space,
                metric)
            .encode());
    places.put(image.query().image(), new Place(slot(next), next));
    next++;
  }

  private int slot(long sequence) {
    return (int) (sequence / CHUNK % chunks);
  }

  private void forget(int slot) {
    byte[] gone = ring.get(slot);
    if (gone != null) {
      for (RecentAnswer answer : read(slot, gone)) {
        places.remove(answer.image(), new Place(slot, answer.sequence()));
      }
    }
  }

  /** Writes what was added. */
  void flush() {
    if (!last.isEmpty()) {
      ring.put(slot(next - last.size()), RecentAnswer.chunk(last));
    }
  }

  private static List<RecentAnswer> read(int slot, byte[] chunk) {
    try {
      return RecentAnswer.ofChunk(chunk);
    } catch (UncheckedIOException e) {
      LOG.warn("slot {} of recent answers is passed over: {}", slot, e.getMessage());
      return List.of();
    }
  }

  Optional<RecentAnswer> find(String image) {
    Place place = places.get(image);
    byte[] chunk = place == null ? null : ring.get(place.slot());
    if (chunk == null) {
      return Optional.empty();
    }
    return read(place.slot(), chunk).stream()
        .filter(answer -> answer.sequence() == place.sequence() && answer.image().equals(image))
        .findFirst();
  }

  /** Its answer is not to be counted again. */
  void counted(RecentAnswer answer) {
    int slot = places.get(answer.image()).slot();
    List<byte[]> chunk = new ArrayList<>();
    for (RecentAnswer other : read(slot, ring.get(slot))) {
      chunk.add((other.sequence() == answer.sequence() ? other.counted() : other).encode());
    }
    ring.put(slot, RecentAnswer.chunk(chunk));
    if (!last.isEmpty() && slot == slot(next - last.size())) {
      last.clear();
      last.addAll(chunk);
    }
  }

  /** Of the last image of the partition that was answered; -1 before the first. */
  long lastOffset() {
    return lastOffset;
  }
}
