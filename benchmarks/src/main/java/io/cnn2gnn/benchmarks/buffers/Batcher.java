package io.cnn2gnn.benchmarks.buffers;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The product's batching without its model: each image is answered with its key and one byte. */
final class Batcher implements Processor<byte[], byte[], byte[], byte[]> {
  private static final Logger LOG = LoggerFactory.getLogger(Batcher.class);
  private static final Duration TICK = Duration.ofMillis(10);

  private final int maxImages;
  private final Duration maxWait;
  private final LongSupplier monotonicNanos;
  private final Buffer buffer;
  private final List<Held> open = new ArrayList<>();
  private ProcessorContext<byte[], byte[]> context;
  private boolean tookUp;
  private long openedAt;

  Batcher(int maxImages, Duration maxWait, LongSupplier monotonicNanos, Buffer buffer) {
    this.maxImages = maxImages;
    this.maxWait = maxWait;
    this.monotonicNanos = monotonicNanos;
    this.buffer = buffer;
  }

  @Override
  public void init(ProcessorContext<byte[], byte[]> context) {
    this.context = context;
    open.clear();
    tookUp = false;
    buffer.init(context, this::closeBatch);
    context.schedule(TICK, PunctuationType.WALL_CLOCK_TIME, now -> tick(now));
  }

  private void tick(long now) {
    takeUp(now);
    closeIfWaitedLongEnough();
  }

  /** Not in {@link #init}: the sink may not be open there yet. */
  private void takeUp(long now) {
    if (tookUp) {
      return;
    }
    LeftOver leftOver = buffer.leftOver();
    for (long offset : leftOver.lost()) {
      LOG.error("{}: the record at offset {} waited and is gone", context.taskId(), offset);
      context.forward(Answer.lost(offset, now));
    }
    leftOver.images().forEach(this::add);
    // Only now: what throws above is tried again.
    tookUp = true;
  }

  @Override
  public void process(Record<byte[], byte[]> record) {
    takeUp(record.timestamp());
    long offset = context.recordMetadata().orElseThrow().offset();
    Held image = new Held(offset, record.timestamp(), record.key(), record.value());
    add(image);
    buffer.added(image, open);
    if (open.size() >= maxImages) {
      closeBatch();
    } else {
      closeIfWaitedLongEnough();
    }
  }

  private void add(Held image) {
    if (open.isEmpty()) {
      openedAt = monotonicNanos.getAsLong();
    }
    open.add(image);
  }

  private void closeIfWaitedLongEnough() {
    if (!open.isEmpty() && monotonicNanos.getAsLong() - openedAt >= maxWait.toNanos()) {
      closeBatch();
    }
  }

  private void closeBatch() {
    if (open.isEmpty()) {
      return;
    }
    open.forEach(image -> context.forward(Answer.of(image)));
    buffer.closed(open);
    open.clear();
  }
}
