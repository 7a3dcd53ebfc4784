package io.cnn2gnn.topology.batching;

import io.cnn2gnn.model.image.InputSpec;
import io.cnn2gnn.topology.deadletter.DeadLetters;
import io.cnn2gnn.topology.decode.DecodeAhead.Pending;
import io.cnn2gnn.topology.decode.ImageLimits;
import io.cnn2gnn.topology.decode.InputImages;
import io.cnn2gnn.topology.decode.RecordDecoder.Decoding;
import io.cnn2gnn.topology.flow.DecodedImage;
import io.cnn2gnn.topology.flow.Nodes;
import io.cnn2gnn.topology.flow.Rejection;
import io.cnn2gnn.topology.flow.Source;
import io.cnn2gnn.topology.flow.Timestamps;
import io.cnn2gnn.topology.metrics.AppMetrics;
import io.cnn2gnn.topology.metrics.KindCounter;
import io.cnn2gnn.topology.metrics.KindMeter;
import io.cnn2gnn.topology.serving.ServedModel;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.StoreBuilder;
import org.apache.kafka.streams.state.Stores;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gathers images into batches by count, by time since the batch's first image, and by bytes.
 *
 * <p>Kafka Streams commits the offset of every record whose {@code process} returned, so an image
 * that waits on the heap alone would be lost by a crash. The pending store keeps the offsets of
 * those that wait, and a task that starts reads them from the input topic again: a commit with an
 * open batch costs a byte an image, not a copy. ADR 4 has the alternatives, measured.
 */
public final class BatchProcessor implements Processor<byte[], Pending, byte[], Object> {
  private static final Logger LOG = LoggerFactory.getLogger(BatchProcessor.class);
  private static final long LONGEST_TICK_MILLIS = 5;

  /**
   * What decoding takes of this thread between two ticks, at worst: the last one that it helps with
   * is dear.
   */
  public static final Duration LONGEST_HOLD =
      Duration.ofNanos(Help.LONGEST_NANOS + Help.LONGEST_AWAIT_NANOS)
          .plus(ImageLimits.DEAREST_LIGHT);

  /** So many batches may be on their way before the partition takes no more records. */
  private static final int MOST_BATCHES = 4;

  /** What is shown of batches that closed. */
  public static final KindMeter<?> METER = Closing.METER;

  private final BatchConfig config;
  private final InputImages images;
  private final Signals signals;
  private final DeadLetters deadLetters;
  private final LongSupplier monotonicNanos;
  private final AppMetrics metrics;
  private final KindCounter<Closing> closings;
  private final LeftOver leftOver;
  private final OpenImages open;
  private final Help help;
  private ProcessorContext<byte[], Object> context;
  private KeyValueStore<String, byte[]> pending;
  private boolean changed;
  private long bytesTold;

  /**
   * One of a task.
   *
   * @param images gives again what a former life left, and decodes it
   * @param signals between the task, its thread and its process
   * @param monotonicNanos a clock that never goes back
   */
  public BatchProcessor(
      BatchConfig config,
      InputImages images,
      Signals signals,
      DeadLetters deadLetters,
      LongSupplier monotonicNanos,
      AppMetrics metrics) {
    this.config = config;
    this.images = images;
    this.signals = signals;
    this.deadLetters = deadLetters;
    this.monotonicNanos = monotonicNanos;
    this.metrics = metrics;
    this.closings = metrics.counter(Closing.METER);
    this.leftOver = new LeftOver(images.topic(), images.records());
    this.open = new OpenImages(config);
    this.help = new Help(open, monotonicNanos);
  }

  /**
   * The pending store, behind the record cache: the changelog sees a batch only if a commit does.
   */
  public static StoreBuilder<KeyValueStore<String, byte[]>> store() {
    return Stores.keyValueStoreBuilder(
            Stores.inMemoryKeyValueStore(Nodes.PENDING_STORE), Serdes.String(), Serdes.ByteArray())
        .withCachingEnabled()
        .withLoggingEnabled(Map.of());
  }

  @Override
  public void init(ProcessorContext<byte[], Object> context) {
    this.context = context;
    this.pending = context.getStateStore(Nodes.PENDING_STORE);
    reset();
    byte[] row = pending.get(PendingOffsets.ROW);
    if (row != null) {
      leftOver.add(PendingOffsets.decode(row));
      signals.drain().opened(leftOver.size());
      LOG.info("task {} takes up {} pending images", context.taskId(), leftOver.size());
    }
    long tick = Math.max(1, Math.min(LONGEST_TICK_MILLIS, config.maxWait().toMillis() / 4));
    context.schedule(Duration.ofMillis(tick), PunctuationType.WALL_CLOCK_TIME, now -> tick());
  }

  /**
   * Reads and decodes again what a former life had accepted but not yet classified. Not in {@link
   * #init}: there the sinks may not be open yet, and a broker or a registry that is away would hold
   * up a rebalance.
   */
  private void takeUpLeftOver() {
    int left = leftOver.size();
    if (left > 0) {
      leftOver.takeUp(
          context.taskId().partition(), context.currentSystemTimeMs(), this::again, this::gone);
      signals.drain().closed(left);
    }
  }

  private void again(Source source) {
    add(images.begin(source));
  }

  private void gone(Source source) {
    reject(source, LeftOver.GONE);
    changed = true;
  }

  private void reject(Source source, Rejection rejection) {
    context.forward(deadLetters.of(source, rejection), Nodes.DEAD_LETTERS);
  }

  private void tick() {
    signals.pace().get().work(this::onTick);
  }

  private void onTick() {
    help.renew();
    takeUpLeftOver();
    for (int i = 0; i < open.size(); i++) {
      open.get(i).retry();
    }
    work();
    commitIfDue();
  }

  @Override
  public void process(Record<byte[], Pending> record) {
    takeUpLeftOver();
    add(record.value());
    work();
  }

  private void add(Pending pending) {
    open.add(pending, monotonicNanos.getAsLong());
    signals.drain().opened(1);
    changed = true;
  }

  /**
   * Sends on what is ready and due. A record may ask for more than this thread has time for; it
   * never waits for one, and comes back with the next record or tick.
   */
  private void work() {
    if (images.decoding().isAlone()) {
      help.with(open.size());
    }
    dropRefused();
    while (closeIfDue()) {
      dropRefused();
    }
    remember();
    tellBackpressure();
  }

  private void dropRefused() {
    for (Optional<Pending> refused = open.nextRefused();
        refused.isPresent();
        refused = open.nextRefused()) {
      Decoding.Refused refusal = (Decoding.Refused) refused.get().get();
      reject(refused.get().source(), refusal.rejection());
      signals.drain().closed(1);
      changed = true;
    }
  }

  /** Returns whether to look again: a batch was closed, or images of it are decoded anew. */
  private boolean closeIfDue() {
    Optional<Closing> due = open.due(monotonicNanos.getAsLong(), signals.drain().isAsked());
    if (due.isEmpty()) {
      return false;
    }
    help.with(open.wanted());
    dropRefused();
    if (open.size() == 0) {
      return false;
    }
    int ready = Math.min(open.ready(), open.wanted());
    boolean isWhole = ready == open.wanted();
    if (ready == 0
        || (!isWhole
            && !open.goesWithoutTheRest(monotonicNanos.getAsLong(), signals.drain().isAsked()))) {
      return false;
    }
    return close(ready, due.get());
  }

  private void remember() {
    if (!changed) {
      return;
    }
    changed = false;
    if (open.size() == 0) {
      pending.delete(PendingOffsets.ROW);
    } else {
      pending.put(PendingOffsets.ROW, PendingOffsets.encode(open.offsets()));
    }
  }

  private void tellBackpressure() {
    signals.backpressure().added(open.bytes() - bytesTold);
    bytesTold = open.bytes();
    signals
        .backpressure()
        .set(
            context.taskId().partition(),
            open.size() > 0
                && (open.size() >= MOST_BATCHES * config.maxImages()
                    || open.bytes() >= config.maxBytes()
                    || signals.backpressure().isScarce()));
  }

  private boolean close(int ready, Closing reason) {
    try (ServedModel model = images.models().acquire()) {
      InputSpec input = model.card().student().input();
      if (open.refit(ready, input, old -> images.decoding().begin(old.source(), input))) {
        return true;
      }
      closings.count(reason);
      metrics.batchWaited(open.waited(monotonicNanos.getAsLong()));
      List<DecodedImage> taken = open.take(ready);
      long timestamp =
          Timestamps.answer(taken.get(0).source().timestamp(), context.currentSystemTimeMs());
      context.forward(new Record<>(null, new Batch(taken, model), timestamp), Nodes.CLASSIFY);
    }
    signals.drain().closed(ready);
    changed = true;
    signals.pace().get().answered();
    commitIfDue();
    return true;
  }

  private void commitIfDue() {
    if (signals.pace().get().isDue()) {
      context.commit();
    }
  }

  private void reset() {
    signals.drain().closed(leftOver.size() + open.size());
    leftOver.clear();
    open.clear();
    signals.backpressure().added(-bytesTold);
    bytesTold = 0;
    signals.backpressure().set(context.taskId().partition(), false);
  }

  @Override
  public void close() {
    reset();
  }
}
