package io.cnn2gnn.benchmarks.buffers;

import java.util.List;
import org.apache.kafka.streams.processor.api.ProcessorContext;

/** What the batcher tells about its open batch, so that a later life can take it up. */
interface Buffer {
  /**
   * Begins a life of the task.
   *
   * @param closeBatch answers what is open at once
   */
  void init(ProcessorContext<byte[], byte[]> context, Runnable closeBatch);

  /** Called once, before the first image is added, when the sink can be forwarded to. */
  LeftOver leftOver();

  /**
   * One more image waits.
   *
   * @param open in the order of their offsets, {@code image} last
   */
  void added(Held image, List<Held> open);

  /** All of the batch was answered. */
  void closed(List<Held> images);
}
