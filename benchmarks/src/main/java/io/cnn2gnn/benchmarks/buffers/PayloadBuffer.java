package io.cnn2gnn.benchmarks.buffers;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.StoreBuilder;
import org.apache.kafka.streams.state.Stores;

/**
 * Each waiting record whole, by its offset, in a changelogged store; deleted when its batch closes.
 */
final class PayloadBuffer implements Buffer {
  private KeyValueStore<Long, byte[]> rows;

  static StoreBuilder<KeyValueStore<Long, byte[]>> store(Map<String, String> changelog) {
    return Stores.keyValueStoreBuilder(
            Stores.inMemoryKeyValueStore(BufferTopology.STORE), Serdes.Long(), Serdes.ByteArray())
        .withLoggingEnabled(changelog);
  }

  @Override
  public void init(ProcessorContext<byte[], byte[]> context, Runnable closeBatch) {
    rows = context.getStateStore(BufferTopology.STORE);
  }

  @Override
  public LeftOver leftOver() {
    List<Held> images = new ArrayList<>();
    try (KeyValueIterator<Long, byte[]> all = rows.all()) {
      all.forEachRemaining(row -> images.add(Held.decode(row.key, row.value)));
    }
    return new LeftOver(images, List.of());
  }

  @Override
  public void added(Held image, List<Held> open) {
    rows.put(image.offset(), image.encode());
  }

  @Override
  public void closed(List<Held> images) {
    images.forEach(image -> rows.delete(image.offset()));
  }
}
