package io.cnn2gnn.topology.batching;

import io.cnn2gnn.topology.DecodedImage;
import io.cnn2gnn.topology.Nodes;
import io.cnn2gnn.topology.Source;
import io.cnn2gnn.topology.deadletter.DeadLetters;
import io.cnn2gnn.topology.decode.Patience;
import io.cnn2gnn.topology.decode.RecordDecoder;
import io.cnn2gnn.topology.decode.RecordDecoder.Decoding;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.StoreBuilder;
import org.apache.kafka.streams.state.Stores;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gathers images into batches and keeps each in the pending store until its batch is classified.
 *
 * <p>Kafka Streams commits the offset of every record whose {@code process} returned, so an image
 * that waits on the heap alone would be lost by a crash. The store's record cache writes to the
 * changelog at commit time only: an image that is classified before the commit costs a tombstone,
 * not a copy.
 */
public final class BatchProcessor implements Processor<byte[], DecodedImage, byte[], Object> {
  private static final Logger LOG = LoggerFactory.getLogger(BatchProcessor.class);
  private static final long LONGEST_TICK_MILLIS = 10;

  private final BatchConfig config;
  private final LongSupplier monotonicNanos;
  private final Supplier<RecordDecoder> decoders;
  private final Patience patience;
  private final DeadLetters deadLetters;
  private final List<Source> leftOver = new ArrayList<>();
  private final List<DecodedImage> open = new ArrayList<>();
  private ProcessorContext<byte[], Object> context;
  private KeyValueStore<Long, byte[]> pending;
  private long openBytes;
  private long openedAt;

  public BatchProcessor(
      BatchConfig config,
      LongSupplier monotonicNanos,
      Supplier<RecordDecoder> decoders,
      Patience patience,
      DeadLetters deadLetters) {
    this.config = config;
    this.monotonicNanos = monotonicNanos;
    this.decoders = decoders;
    this.patience = patience;
    this.deadLetters = deadLetters;
  }

  /** The pending store: input records by offset, unique because a task has one input partition. */
  public static StoreBuilder<KeyValueStore<Long, byte[]>> store(Map<String, String> changelog) {
    return Stores.keyValueStoreBuilder(
            Stores.inMemoryKeyValueStore(Nodes.PENDING_STORE), Serdes.Long(), Serdes.ByteArray())
        .withCachingEnabled()
        .withLoggingEnabled(changelog);
  }

  @Override
  public void init(ProcessorContext<byte[], Object> context) {
    this.context = context;
    this.pending = context.getStateStore(Nodes.PENDING_STORE);
    open.clear();
    openBytes = 0;
    readLeftOver();
    long tick = Math.max(1, Math.min(LONGEST_TICK_MILLIS, config.maxWait().toMillis() / 4));
    context.schedule(Duration.ofMillis(tick), PunctuationType.WALL_CLOCK_TIME, now -> tick());
  }

  private void readLeftOver() {
    leftOver.clear();
    try (KeyValueIterator<Long, byte[]> rows = pending.all()) {
      while (rows.hasNext()) {
        leftOver.add(SourceCodec.decode(rows.next().value));
      }
    }
    if (!leftOver.isEmpty()) {
      LOG.info("task {} takes up {} pending images", context.taskId(), leftOver.size());
    }
  }

  /**
   * Decodes again what a former life had accepted but not yet classified. Not in {@link #init}:
   * there the sinks may not be open yet, and a registry that is away would hold up a rebalance.
   */
  private void takeUpLeftOver() {
    if (leftOver.isEmpty()) {
      return;
    }
    try (RecordDecoder decoder = decoders.get()) {
      for (Source source : leftOver) {
        Decoding decoding = patience.whileAway(() -> decoder.decode(source));
        if (decoding instanceof Decoding.Accepted accepted) {
          add(accepted.image());
        } else if (decoding instanceof Decoding.Refused refused) {
          context.forward(deadLetters.of(source, refused.rejection()), Nodes.DEAD_LETTERS);
          pending.delete(source.offset());
        }
      }
    }
    leftOver.clear();
  }

  private void tick() {
    takeUpLeftOver();
    closeIfWaitedLongEnough();
  }

  @Override
  public void process(Record<byte[], DecodedImage> record) {
    takeUpLeftOver();
    DecodedImage image = record.value();
    pending.put(image.source().offset(), SourceCodec.encode(image.source()));
    add(image);
    if (open.size() >= config.maxImages() || openBytes >= config.maxBytes()) {
      closeBatch();
    } else {
      closeIfWaitedLongEnough();
    }
  }

  private void add(DecodedImage image) {
    if (open.isEmpty()) {
      openedAt = monotonicNanos.getAsLong();
    }
    open.add(image);
    openBytes += bytes(image);
  }

  private static long bytes(DecodedImage image) {
    return image.query().pixels().length
        + (long) image.source().value().map(v -> v.length).orElse(0);
  }

  private void closeIfWaitedLongEnough() {
    if (!open.isEmpty() && monotonicNanos.getAsLong() - openedAt >= config.maxWait().toNanos()) {
      closeBatch();
    }
  }

  /** Sends everything on; after a restart there may be more than one batch of it. */
  private void closeBatch() {
    int most = config.maxImages();
    for (int from = 0; from < open.size(); from += most) {
      List<DecodedImage> images = open.subList(from, Math.min(open.size(), from + most));
      long timestamp = images.get(0).source().timestamp();
      context.forward(new Record<>(null, new Batch(images), timestamp), Nodes.CLASSIFY);
      for (DecodedImage image : images) {
        pending.delete(image.source().offset());
      }
    }
    open.clear();
    openBytes = 0;
  }
}
