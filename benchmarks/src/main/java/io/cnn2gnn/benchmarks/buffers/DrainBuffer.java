package io.cnn2gnn.benchmarks.buffers;

import java.util.List;
import java.util.Map;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.streams.processor.StateStore;
import org.apache.kafka.streams.processor.StateStoreContext;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.internals.InternalProcessorContext;
import org.apache.kafka.streams.processor.internals.ProcessorNode;
import org.apache.kafka.streams.processor.internals.ProcessorRecordContext;
import org.apache.kafka.streams.state.StoreBuilder;
import org.apache.kafka.streams.state.internals.CacheFlushListener;
import org.apache.kafka.streams.state.internals.CachedStateStore;

/**
 * Closes the open batch before every commit, so that nothing waits across one and nothing has to be
 * durable. A control, not a candidate: Kafka calls such a hook only on what implements its internal
 * {@link CachedStateStore}, and forwarding from there takes its internal {@link
 * InternalProcessorContext}. Both may change in any release without a word.
 */
final class DrainBuffer implements Buffer {
  static StoreBuilder<? extends StateStore> store() {
    return new HookBuilder();
  }

  @Override
  public void init(ProcessorContext<byte[], byte[]> context, Runnable closeBatch) {
    InternalProcessorContext<byte[], byte[]> internals =
        (InternalProcessorContext<byte[], byte[]>) context;
    ProcessorNode<?, ?, ?, ?> node = internals.currentNode();
    Hook hook = context.getStateStore(BufferTopology.STORE);
    hook.beforeCommit = () -> closeWithin(internals, node, closeBatch);
  }

  /** A commit has neither a node nor a record, and forwarding asks for both. */
  private static void closeWithin(
      InternalProcessorContext<byte[], byte[]> context,
      ProcessorNode<?, ?, ?, ?> node,
      Runnable closeBatch) {
    ProcessorNode<?, ?, ?, ?> nodeBefore = context.currentNode();
    ProcessorRecordContext recordBefore = context.recordContext();
    context.setCurrentNode(node);
    context.setRecordContext(new ProcessorRecordContext(-1, -1, -1, null, new RecordHeaders()));
    try {
      closeBatch.run();
    } finally {
      context.setRecordContext(recordBefore);
      context.setCurrentNode(nodeBefore);
    }
  }

  @Override
  public LeftOver leftOver() {
    return LeftOver.NOTHING;
  }

  @Override
  public void added(Held image, List<Held> open) {}

  @Override
  public void closed(List<Held> images) {}

  /** Stores nothing; is there to be flushed. */
  private static final class Hook implements StateStore, CachedStateStore<Object, Object> {
    private Runnable beforeCommit = () -> {};
    private boolean open;

    @Override
    public String name() {
      return BufferTopology.STORE;
    }

    @Override
    public void init(StateStoreContext context, StateStore root) {
      context.register(root, (key, value) -> {});
      open = true;
    }

    @Override
    public void flushCache() {
      beforeCommit.run();
    }

    @Override
    public void clearCache() {}

    @Override
    public boolean setFlushListener(CacheFlushListener<Object, Object> listener, boolean old) {
      return false;
    }

    @Override
    public void close() {
      open = false;
    }

    @Override
    public boolean persistent() {
      return false;
    }

    @Override
    public boolean isOpen() {
      return open;
    }
  }

  private static final class HookBuilder implements StoreBuilder<Hook> {
    @Override
    public Hook build() {
      return new Hook();
    }

    @Override
    public String name() {
      return BufferTopology.STORE;
    }

    @Override
    public Map<String, String> logConfig() {
      return Map.of();
    }

    @Override
    public boolean loggingEnabled() {
      return false;
    }

    @Override
    public StoreBuilder<Hook> withLoggingDisabled() {
      return this;
    }

    @Override
    public StoreBuilder<Hook> withCachingDisabled() {
      return this;
    }

    @Override
    public StoreBuilder<Hook> withCachingEnabled() {
      throw new UnsupportedOperationException("there is nothing to cache");
    }

    @Override
    public StoreBuilder<Hook> withLoggingEnabled(Map<String, String> config) {
      throw new UnsupportedOperationException("there is nothing to log");
    }
  }
}
