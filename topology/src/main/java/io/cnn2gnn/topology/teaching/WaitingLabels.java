package io.cnn2gnn.topology.teaching;

import io.cnn2gnn.topology.flow.Nodes;
import io.cnn2gnn.topology.flow.Source;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.StoreBuilder;
import org.apache.kafka.streams.state.Stores;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Labels that were consumed and are not done with: those whose schema cannot be had now, in the
 * order in which they came, and those whose image is not there yet, one for each image. They are
 * kept in a store, whose changelog a restart reads.
 */
final class WaitingLabels {
  private static final Logger LOG = LoggerFactory.getLogger(WaitingLabels.class);
  private static final String UNREAD = "unread-";
  private static final int VERSION = 1;

  /** A label that waits for its image, since when in the time of day. */
  record Waiting(Said said, long since) {}

  /** As the store keeps it. */
  record Entry(Source source, long since) {
    byte[] encode() {
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      try (DataOutputStream out = new DataOutputStream(bytes)) {
        out.writeByte(VERSION);
        out.writeUTF(source.topic());
        out.writeInt(source.partition());
        out.writeLong(source.offset());
        out.writeLong(source.timestamp());
        out.writeLong(since);
        write(out, source.key());
        write(out, source.value());
        for (Header header : source.headers()) {
          out.writeUTF(header.key());
          write(out, Optional.ofNullable(header.value()));
        }
      } catch (IOException e) {
        throw new UncheckedIOException("writing to memory", e);
      }
      return bytes.toByteArray();
    }

    private static void write(DataOutputStream out, Optional<byte[]> value) throws IOException {
      out.writeInt(value.map(v -> v.length).orElse(-1));
      if (value.isPresent()) {
        out.write(value.get());
      }
    }

    static Entry decode(byte[] bytes) {
      try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
        int version = in.readByte();
        if (version != VERSION) {
          throw new IOException("version " + version + ", this build reads " + VERSION);
        }
        String topic = in.readUTF();
        int partition = in.readInt();
        long offset = in.readLong();
        long timestamp = in.readLong();
        long since = in.readLong();
        Optional<byte[]> key = read(in);
        Optional<byte[]> value = read(in);
        RecordHeaders headers = new RecordHeaders();
        while (in.available() > 0) {
          String name = in.readUTF();
          headers.add(name, read(in).orElse(null));
        }
        return new Entry(
            new Source(topic, partition, offset, timestamp, key, value, headers), since);
      } catch (IOException e) {
        throw new UncheckedIOException("a waiting label is damaged: " + e, e);
      }
    }

    private static Optional<byte[]> read(DataInputStream in) throws IOException {
      int length = in.readInt();
      return length < 0 ? Optional.empty() : Optional.of(in.readNBytes(length));
    }
  }

  private final KeyValueStore<String, byte[]> store;
  private final Map<String, Waiting> waiting = new LinkedHashMap<>();
  private final Deque<Entry> unread = new ArrayDeque<>();

  /** Reads what of the store is unread; what else there is has to be read again. */
  WaitingLabels(KeyValueStore<String, byte[]> store) {
    this.store = store;
  }

  static StoreBuilder<KeyValueStore<String, byte[]>> store() {
    return Stores.keyValueStoreBuilder(
            Stores.inMemoryKeyValueStore(Nodes.WAITING_STORE), Serdes.String(), Serdes.ByteArray())
        .withCachingEnabled()
        .withLoggingEnabled(Map.of());
  }

  /** What a former life left, in the order in which it came: all of it has to be read again. */
  void takeUp() {
    List<KeyValue<String, Entry>> left = new ArrayList<>();
    try (KeyValueIterator<String, byte[]> all = store.all()) {
      while (all.hasNext()) {
        KeyValue<String, byte[]> entry = all.next();
        try {
          left.add(KeyValue.pair(entry.key, Entry.decode(entry.value)));
        } catch (UncheckedIOException e) {
          LOG.warn("a waiting label, {}, is passed over: {}", entry.key, e.getMessage());
        }
      }
    }
    left.sort(Comparator.comparingLong(e -> e.value.source().offset()));
    for (KeyValue<String, Entry> entry : left) {
      unread.add(entry.value);
      if (!entry.key.startsWith(UNREAD)) {
        store.delete(entry.key);
        store.put(key(entry.value), entry.value.encode());
      }
    }
  }

  private static String key(Entry entry) {
    return UNREAD + entry.source().offset();
  }

  void addUnread(Source source, long now) {
    Entry entry = new Entry(source, now);
    unread.add(entry);
    store.put(key(entry), entry.encode());
  }

  Optional<Entry> firstUnread() {
    return Optional.ofNullable(unread.peekFirst());
  }

  void removeFirstUnread() {
    store.delete(key(unread.removeFirst()));
  }

  int unread() {
    return unread.size();
  }

  /** Waits for the image of a label; there must be none of that image. */
  void add(Said said, long since) {
    waiting.put(said.image(), new Waiting(said, since));
    store.put(said.image(), new Entry(said.source(), since).encode());
  }

  Optional<Waiting> remove(String image) {
    Waiting removed = waiting.remove(image);
    if (removed != null) {
      store.delete(image);
    }
    return Optional.ofNullable(removed);
  }

  Optional<Waiting> get(String image) {
    return Optional.ofNullable(waiting.get(image));
  }

  /** The one that has waited longest. */
  Optional<Waiting> oldest() {
    return waiting.values().stream().findFirst();
  }

  int size() {
    return waiting.size();
  }
}
