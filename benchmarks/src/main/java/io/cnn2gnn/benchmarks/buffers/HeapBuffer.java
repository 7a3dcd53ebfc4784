package io.cnn2gnn.benchmarks.buffers;

import java.util.List;
import org.apache.kafka.streams.processor.api.ProcessorContext;

/**
 * Nothing but the batcher's own list. A control that loses what is open at a crash: it shows that
 * the kill test can fail, and what batching costs without any durability.
 */
final class HeapBuffer implements Buffer {
  @Override
  public void init(ProcessorContext<byte[], byte[]> context, Runnable closeBatch) {}

  @Override
  public LeftOver leftOver() {
    return LeftOver.NOTHING;
  }

  @Override
  public void added(Held image, List<Held> open) {}

  @Override
  public void closed(List<Held> images) {}
}
