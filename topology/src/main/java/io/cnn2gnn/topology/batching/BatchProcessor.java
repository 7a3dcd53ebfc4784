package io.cnn2gnn.topology.batching;

import io.cnn2gnn.model.image.InputSpec;
import io.cnn2gnn.topology.AppMetrics;
import io.cnn2gnn.topology.AppMetrics.Closing;
import io.cnn2gnn.topology.DecodedImage;
import io.cnn2gnn.topology.Nodes;
import io.cnn2gnn.topology.Rejection;
import io.cnn2gnn.topology.Rejection.Stage;
import io.cnn2gnn.topology.Source;
import io.cnn2gnn.topology.deadletter.DeadLetters;
import io.cnn2gnn.topology.decode.DecodeAhead;
import io.cnn2gnn.topology.decode.DecodeAhead.Pending;
import io.cnn2gnn.topology.decode.Patience;
import io.cnn2gnn.topology.decode.RecordDecoder.Decoding;
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

  /** Of the pending store: the offsets of the open batch. */
  static final String ROW = "open";

  private final BatchConfig config;
  private final String topic;
  private final LongSupplier monotonicNanos;
  private final InputRecords inputRecords;
  private final DecodeAhead decoding;
  private final ActiveModel models;
  private final Patience patience;
  private final DeadLetters deadLetters;
  private final Drain drain;
  private final ThreadLocal<CommitPace> pace;
  private final AppMetrics metrics;
  private final List<Long> leftOver = new ArrayList<>();
  private final List<Pending> open = new ArrayList<>();
  private final List<Long> offsets = new ArrayList<>();
  private ProcessorContext<byte[], Object> context;
  private KeyValueStore<String, byte[]> pending;
  private long openBytes;
  private long openedAt;

  /**
   * Makes one.
   *
   * @param topic that images come from
   * @param monotonicNanos a clock that never goes back
   * @param inputRecords gives again what a former life left
   * @param decoding decodes that, and what was decoded for a model of another input size
   * @param models from which each batch gets one
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
      Patience patience,
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
    this.patience = patience;
    this.deadLetters = deadLetters;
    this.drain = drain;
    this.pace = pace;
    this.metrics = metrics;
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
      } else {
        add(decoding.begin(source, input));
      }
    }
    drain.closed(leftOver.size());
    leftOver.clear();
    dropRefused();
    remember();
  }

  /** The image, once it is decoded; empty if it is refused. */
  private Optional<DecodedImage> decoded(Pending pending) {
    Decoding result = patience.whileAway(pending::get);
    if (result instanceof Decoding.Refused refused) {
      reject(pending.source(), refused.rejection());
    }
    return result instanceof Decoding.Accepted accepted
        ? Optional.of(accepted.image())
        : Optional.empty();
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
    takeUpLeftOver();
    if (dropRefused()) {
      remember();
    }
    closeIfDue();
    commitIfDue();
    pace.get().leave();
  }

  @Override
  public void process(Record<byte[], Pending> record) {
    takeUpLeftOver();
    Pending added = record.value();
    add(added);
    if (added.isDone() && patience.whileAway(added::get) instanceof Decoding.Refused) {
      dropRefused();
    }
    remember();
    if (open.size() >= config.maxImages()) {
      closeBatch(Closing.COUNT);
    } else if (openBytes >= config.maxBytes()) {
      closeBatch(Closing.BYTES);
    } else {
      closeIfDue();
    }
  }

  /**
   * What is at fault need not wait for the batch, only for those before it that are still being
   * decoded: dead letters keep the order of records.
   *
   * @return whether there was one
   */
  private boolean dropRefused() {
    int before = open.size();
    for (int i = 0; i < open.size() && open.get(i).isDone(); ) {
      if (open.get(i).isRefused()) {
        offsets.remove(i);
        Pending refused = open.remove(i);
        openBytes -= bytes(refused);
        var unused = decoded(refused); // makes a dead letter of it
      } else {
        i++;
      }
    }
    drain.closed(before - open.size());
    return open.size() < before;
  }

  private void add(Pending pending) {
    if (open.isEmpty()) {
      openedAt = monotonicNanos.getAsLong();
    }
    open.add(pending);
    offsets.add(pending.source().offset());
    openBytes += bytes(pending);
    drain.opened(1);
  }

  private void remember() {
    if (offsets.isEmpty()) {
      pending.delete(ROW);
    } else {
      pending.put(ROW, PendingOffsets.encode(offsets));
    }
  }

  private static long bytes(Pending pending) {
    return pending.input().bytes() + (long) pending.source().value().map(v -> v.length).orElse(0);
  }

  private void closeIfDue() {
    if (open.isEmpty()) {
      return;
    }
    if (drain.isAsked()) {
      closeBatch(Closing.DRAIN);
    } else if (monotonicNanos.getAsLong() - openedAt >= config.maxWait().toNanos()) {
      closeBatch(Closing.TIME);
    }
  }

  /** Sends everything on; after a restart there may be more than one batch of it. */
  private void closeBatch(Closing reason) {
    metrics.batchClosed(reason, monotonicNanos.getAsLong() - openedAt);
    int most = config.maxImages();
    for (int from = 0; from < open.size(); from += most) {
      classify(open.subList(from, Math.min(open.size(), from + most)));
    }
    forget();
    remember();
    pace.get().answered();
    commitIfDue();
  }

  private void commitIfDue() {
    if (pace.get().isDue()) {
      context.commit();
    }
  }

  private void classify(List<Pending> waiting) {
    try (ServedModel model = models.acquire()) {
      InputSpec input = model.card().student().input();
      List<DecodedImage> images = new ArrayList<>(waiting.size());
      // From the end, where the helpers come last: who goes through them in the helpers' order only
      // waits for each.
      for (int i = waiting.size() - 1; i >= 0; i--) {
        waiting.get(i).help();
      }
      for (Pending pending : waiting) {
        decoded(pending).flatMap(image -> fitting(image, input)).ifPresent(images::add);
      }
      if (!images.isEmpty()) {
        long timestamp = images.get(0).source().timestamp();
        context.forward(new Record<>(null, new Batch(images, model), timestamp), Nodes.CLASSIFY);
      }
    }
  }

  /** The image as a model takes it: one that waited for a model of another size comes anew. */
  private Optional<DecodedImage> fitting(DecodedImage image, InputSpec input) {
    return image.fits(input) ? Optional.of(image) : decoded(decoding.begin(image.source(), input));
  }

  private void forget() {
    drain.closed(open.size());
    open.clear();
    offsets.clear();
    openBytes = 0;
  }

  private void reset() {
    drain.closed(leftOver.size());
    leftOver.clear();
    forget();
  }

  @Override
  public void close() {
    reset();
  }
}
