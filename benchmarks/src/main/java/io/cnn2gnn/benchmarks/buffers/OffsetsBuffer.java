package io.cnn2gnn.benchmarks.buffers;

import io.cnn2gnn.topology.batching.PendingOffsets;
import io.cnn2gnn.topology.flow.Source;
import io.cnn2gnn.topology.input.InputRecords;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.StoreBuilder;
import org.apache.kafka.streams.state.Stores;

/**
 * One row per task: the offsets of the waiting records. The records themselves are in the input
 * topic already, and are read there again after a restart. The row is written at every change; the
 * record cache lets only its state at a commit through to the changelog.
 */
final class OffsetsBuffer implements Buffer {
  /** Each task has a store of its own. */
  static final int ROW = 0;

  private final InputRecords input;
  private KeyValueStore<Integer, byte[]> row;
  private int partition;

  OffsetsBuffer(InputRecords input) {
    this.input = input;
  }

  static StoreBuilder<KeyValueStore<Integer, byte[]>> store(Map<String, String> changelog) {
    return Stores.keyValueStoreBuilder(
            Stores.inMemoryKeyValueStore(BufferTopology.STORE),
            Serdes.Integer(),
            Serdes.ByteArray())
        .withCachingEnabled()
        .withLoggingEnabled(changelog);
  }

  @Override
  public void init(ProcessorContext<byte[], byte[]> context, Runnable closeBatch) {
    row = context.getStateStore(BufferTopology.STORE);
    partition = context.taskId().partition();
  }

  @Override
  public LeftOver leftOver() {
    byte[] offsets = row.get(ROW);
    if (offsets == null) {
      return LeftOver.NOTHING;
    }
    List<Long> lost = new ArrayList<>(PendingOffsets.decode(offsets));
    List<Held> images = new ArrayList<>();
    for (Source source : input.read(partition, lost)) {
      images.add(
          new Held(
              source.offset(),
              source.timestamp(),
              source.key().orElseThrow(),
              source.value().orElseThrow()));
    }
    images.forEach(image -> lost.remove(image.offset()));
    if (!lost.isEmpty()) {
      // What is reported in this transaction must not be reported again after it.
      write(images);
    }
    return new LeftOver(images, lost);
  }

  @Override
  public void added(Held image, List<Held> open) {
    write(open);
  }

  @Override
  public void closed(List<Held> images) {
    row.delete(ROW);
  }

  private void write(List<Held> open) {
    row.put(ROW, PendingOffsets.encode(open.stream().map(Held::offset).toList()));
  }
}
