package io.cnn2gnn.topology.input;

import io.cnn2gnn.topology.flow.Nodes;
import io.cnn2gnn.topology.flow.Source;
import io.cnn2gnn.topology.metrics.AppMetrics;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.zip.CRC32C;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.state.KeyValueStore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How far a task has taken its partition, kept in the pending store and so in the same transaction
 * as its answers.
 *
 * <p>Kafka keeps the group's offsets in that transaction too, but a broker that comes back from a
 * crash has been seen to serve old ones from a coordinator that had not read its own log to the
 * end; what had been answered would then be answered twice. A record at or below the last one taken
 * is such a repeat, if the input topic still holds that last one. If not, the topic has been cut or
 * made anew, and its records are new whatever their offsets.
 */
public final class Progress {
  private static final Logger LOG = LoggerFactory.getLogger(Progress.class);
  private static final String ROW = "last";
  private static final byte VERSION = 1;

  private final KeyValueStore<String, byte[]> store;
  private final String task;
  private final int partition;
  private final InputRecords inputRecords;
  private final AppMetrics metrics;
  private Optional<Mark> last;
  private boolean isSetBack;

  /** A record by its offset and what it holds. */
  private record Mark(long offset, long timestamp, int checksum) {
    private static final int BYTES = 1 + Long.BYTES + Long.BYTES + Integer.BYTES;

    static Mark of(Source source) {
      CRC32C checksum = new CRC32C();
      source.key().ifPresent(checksum::update);
      source.value().ifPresent(checksum::update);
      return new Mark(source.offset(), source.timestamp(), (int) checksum.getValue());
    }

    byte[] encode() {
      return ByteBuffer.allocate(BYTES)
          .put(VERSION)
          .putLong(offset)
          .putLong(timestamp)
          .putInt(checksum)
          .array();
    }

    static Mark decode(byte[] row) {
      ByteBuffer in = ByteBuffer.wrap(row);
      if (row.length != BYTES || in.get() != VERSION) {
        throw new IllegalStateException(
            "the pending store's row '" + ROW + "' is damaged or of a later build");
      }
      return new Mark(in.getLong(), in.getLong(), in.getInt());
    }
  }

  private Progress(ProcessorContext<?, ?> context, InputRecords inputRecords, AppMetrics metrics) {
    this.store = context.getStateStore(Nodes.PENDING_STORE);
    this.task = context.taskId().toString();
    this.partition = context.taskId().partition();
    this.inputRecords = inputRecords;
    this.metrics = metrics;
    this.last = Optional.ofNullable(store.get(ROW)).map(Mark::decode);
  }

  /** Reads how far the task had come. */
  public static Progress of(
      ProcessorContext<?, ?> context, InputRecords inputRecords, AppMetrics metrics) {
    return new Progress(context, inputRecords, metrics);
  }

  /**
   * True if the record has been taken before; it is counted.
   *
   * @throws org.apache.kafka.common.KafkaException if that cannot be told now
   */
  public boolean isRepeat(Source source) {
    if (last.isEmpty() || source.offset() > last.get().offset()) {
      isSetBack = false;
      return false;
    }
    if (!isSetBack && !isSetBack(source, last.get())) {
      last = Optional.empty();
      return false;
    }
    isSetBack = true;
    metrics.repeat();
    return true;
  }

  private boolean isSetBack(Source source, Mark taken) {
    boolean isHeld =
        inputRecords.read(partition, List.of(taken.offset())).stream()
            .anyMatch(found -> Mark.of(found).equals(taken));
    if (isHeld) {
      LOG.warn(
          "task {}: the group's offset went back to {}, though all up to {} has been taken; skipping"
              + " what comes again (to have it answered again, reset the application)",
          task,
          source.offset(),
          taken.offset());
    } else {
      LOG.warn(
          "task {}: {} comes after {}, which the topic no longer holds: it was cut or made anew, and"
              + " is taken from there",
          task,
          source.coordinates(),
          taken.offset());
    }
    return isHeld;
  }

  /** Notes that a record has been taken: answered, refused, or waiting in the pending store. */
  public void taken(Source source) {
    Mark mark = Mark.of(source);
    last = Optional.of(mark);
    store.put(ROW, mark.encode());
  }
}
