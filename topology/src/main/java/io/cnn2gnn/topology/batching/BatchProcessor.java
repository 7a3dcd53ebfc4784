package io.cnn2gnn.topology.batching;

import io.cnn2gnn.model.image.InputSpec;
import io.cnn2gnn.topology.commit.CommitPace;
import io.cnn2gnn.topology.consumer.Backpressure;
import io.cnn2gnn.topology.deadletter.DeadLetters;
import io.cnn2gnn.topology.decode.DecodeAhead;
import io.cnn2gnn.topology.decode.DecodeAhead.Pending;
import io.cnn2gnn.topology.decode.ImageLimits;
import io.cnn2gnn.topology.decode.RecordDecoder.Decoding;
import io.cnn2gnn.topology.flow.DecodedImage;
import io.cnn2gnn.topology.flow.Nodes;
import io.cnn2gnn.topology.flow.Rejection;
import io.cnn2gnn.topology.flow.Rejection.Stage;
import io.cnn2gnn.topology.flow.Source;
import io.cnn2gnn.topology.input.InputRecords;
import io.cnn2gnn.topology.metrics.AppMetrics;
import io.cnn2gnn.topology.metrics.KindCounter;
import io.cnn2gnn.topology.serving.ActiveModel;
import io.cnn2gnn.topology.serving.ServedModel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.apache.kafka.common.header.internals.RecordHeaders;
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

  /** Of this thread's time between two ticks, while it has other partitions. */
  static final long LONGEST_HELP_NANOS = Duration.ofMillis(50).toNanos();

  private static final long LONGEST_AWAIT_NANOS = Duration.ofMillis(5).toNanos();

  /**
   * What decoding takes of this thread between two ticks, at worst: the last one that it helps with
   * is dear.
   */
  public static final Duration LONGEST_HOLD =
      Duration.ofNanos(LONGEST_HELP_NANOS + LONGEST_AWAIT_NANOS).plus(ImageLimits.DEAREST_LIGHT);

  /** So many batches may be on their way before the partition takes no more records. */
  private static final int MOST_BATCHES = 4;

  /** Of the pending store: the offsets of the open batch. */
  static final String ROW = "open";

  private final BatchConfig config;
  private final String topic;
  private final LongSupplier monotonicNanos;
  private final InputRecords inputRecords;
  private final DecodeAhead decoding;
  private final ActiveModel models;
  private final Backpressure backpressure;
  private final DeadLetters deadLetters;
  private final Drain drain;
  private final ThreadLocal<CommitPace> pace;
  private final AppMetrics metrics;
  private final KindCounter<Closing> closings;
  private final List<Long> leftOver = new ArrayList<>();
  private final OpenImages open;
  private ProcessorContext<byte[], Object> context;
  private KeyValueStore<String, byte[]> pending;
  private boolean changed;
  private long bytesTold;
  private long helpedNanos;

  /**
   * One of a task.
   *
   * @param topic that images come from
   * @param monotonicNanos a clock that never goes back
   * @param inputRecords gives again what a former life left
   * @param decoding decodes that, and what was decoded for a model of another input size
   * @param models from which each batch gets one
   * @param backpressure is told when enough is on its way
   * @param drain asks for what is held
   * @param pace says when to commit
   */
  public BatchProcessor(
      BatchConfig config,
      String topic,
      LongSupplier monotonicNanos,
      InputRecords inputRecords,
      DecodeAhead decoding,
      ActiveModel models,
      Backpressure backpressure,
      DeadLetters deadLetters,
      Drain drain,
      ThreadLocal<CommitPace> pace,
      AppMetrics metrics) {
    this.config = config;
    this.topic = topic;
    this.monotonicNanos = monotonicNanos;
    this.inputRecords = inputRecords;
    this.decoding = decoding;
    this.models = models;
    this.backpressure = backpressure;
    this.deadLetters = deadLetters;
    this.drain = drain;
    this.pace = pace;
    this.metrics = metrics;
    this.closings = metrics.counter("cnn2gnn.batch.closed", "by", Closing.class);
    this.open = new OpenImages(config);
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
    byte[] row = pending.get(ROW);
    if (row != null) {
      leftOver.addAll(PendingOffsets.decode(row));
      drain.opened(leftOver.size());
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
    if (leftOver.isEmpty()) {
      return;
    }
    int partition = context.taskId().partition();
    Map<Long, Source> found = new HashMap<>();
    inputRecords.read(partition, leftOver).forEach(source -> found.put(source.offset(), source));
    InputSpec input = models.card().student().input();
    for (long offset : leftOver) {
      Source source = found.get(offset);
      if (source == null) {
        reject(absent(partition, offset), gone());
        changed = true;
      } else {
        add(decoding.begin(source, input));
      }
    }
    drain.closed(leftOver.size());
    leftOver.clear();
  }

  private void reject(Source source, Rejection rejection) {
    context.forward(deadLetters.of(source, rejection), Nodes.DEAD_LETTERS);
  }

  private Source absent(int partition, long offset) {
    return new Source(
        topic,
        partition,
        offset,
        context.currentSystemTimeMs(),
        Optional.empty(),
        Optional.empty(),
        new RecordHeaders());
  }

  private static Rejection gone() {
    return new Rejection(
        Stage.BATCH,
        "RECORD_GONE",
        "the input topic no longer had the record when the service came back for it: its retention"
            + " is shorter than the service was away");
  }

  private void tick() {
    pace.get().enter();
    helpedNanos = 0;
    takeUpLeftOver();
    for (int i = 0; i < open.size(); i++) {
      open.get(i).retry();
    }
    work();
    commitIfDue();
    pace.get().leave();
  }

  @Override
  public void process(Record<byte[], Pending> record) {
    takeUpLeftOver();
    add(record.value());
    work();
  }

  private void add(Pending pending) {
    open.add(pending, monotonicNanos.getAsLong());
    drain.opened(1);
    changed = true;
  }

  /**
   * Sends on what is ready and due. A record may ask for more than this thread has time for; it
   * never waits for one, and comes back with the next record or tick.
   */
  private void work() {
    if (decoding.isAlone()) {
      help(open.size());
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
      drain.closed(1);
      changed = true;
    }
  }

  /** Returns whether to look again: a batch was closed, or images of it are decoded anew. */
  private boolean closeIfDue() {
    Optional<Closing> due = open.due(monotonicNanos.getAsLong(), drain.isAsked());
    if (due.isEmpty()) {
      return false;
    }
    help(open.wanted());
    dropRefused();
    if (open.size() == 0) {
      return false;
    }
    int images = Math.min(open.ready(), open.wanted());
    boolean isWhole = images == open.wanted();
    if (images == 0
        || (!isWhole && !open.goesWithoutTheRest(monotonicNanos.getAsLong(), drain.isAsked()))) {
      return false;
    }
    return close(images, due.get());
  }

  /** Decodes with the others, from the end, where they come last; then waits a moment for them. */
  private void help(int images) {
    long start = monotonicNanos.getAsLong();
    for (int i = images - 1; i >= open.ready() && mayHelp(start); i--) {
      open.get(i).help();
    }
    for (int i = open.ready(); i < images && mayHelp(start); i++) {
      if (!open.get(i).isDone()
          && (!open.get(i).isSoonDone() || !open.get(i).await(LONGEST_AWAIT_NANOS))) {
        break;
      }
    }
    helpedNanos += monotonicNanos.getAsLong() - start;
  }

  private boolean mayHelp(long start) {
    return helpedNanos + monotonicNanos.getAsLong() - start < LONGEST_HELP_NANOS;
  }

  private void remember() {
    if (!changed) {
      return;
    }
    changed = false;
    if (open.size() == 0) {
      pending.delete(ROW);
    } else {
      pending.put(ROW, PendingOffsets.encode(open.offsets()));
    }
  }

  private void tellBackpressure() {
    backpressure.added(open.bytes() - bytesTold);
    bytesTold = open.bytes();
    backpressure.set(
        context.taskId().partition(),
        open.size() > 0
            && (open.size() >= MOST_BATCHES * config.maxImages()
                || open.bytes() >= config.maxBytes()
                || backpressure.isScarce()));
  }

  private boolean close(int images, Closing reason) {
    try (ServedModel model = models.acquire()) {
      InputSpec input = model.card().student().input();
      if (open.refit(images, input, old -> decoding.begin(old.source(), input))) {
        return true;
      }
      closings.count(reason);
      metrics.batchWaited(open.waited(monotonicNanos.getAsLong()));
      List<DecodedImage> taken = open.take(images);
      long timestamp = taken.get(0).source().timestamp();
      context.forward(new Record<>(null, new Batch(taken, model), timestamp), Nodes.CLASSIFY);
    }
    drain.closed(images);
    changed = true;
    pace.get().answered();
    commitIfDue();
    return true;
  }

  private void commitIfDue() {
    if (pace.get().isDue()) {
      context.commit();
    }
  }

  private void reset() {
    drain.closed(leftOver.size() + open.size());
    leftOver.clear();
    open.clear();
    backpressure.added(-bytesTold);
    bytesTold = 0;
    backpressure.set(context.taskId().partition(), false);
  }

  @Override
  public void close() {
    reset();
  }
}
