package io.cnn2gnn.topology.input;

import io.cnn2gnn.topology.flow.Nodes;
import io.cnn2gnn.topology.flow.Source;
import io.cnn2gnn.topology.metrics.AppMetrics;
import java.util.List;
import java.util.Optional;
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

  private final KeyValueStore<String, byte[]> store;
  private final String task;
  private final int partition;
  private final InputRecords inputRecords;
  private final AppMetrics metrics;
  private Optional<Mark> last;
  private boolean isSetBack;

  private Progress(ProcessorContext<?, ?> context, InputRecords inputRecords, AppMetrics metrics) {
    this.store = context.getStateStore(Nodes.PENDING_STORE);
    this.task = context.taskId().toString();
    this.partition = context.taskId().partition();
    this.inputRecords = inputRecords;
    this.metrics = metrics;
    this.last = Optional.ofNullable(store.get(Mark.ROW)).map(Mark::decode);
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
    store.put(Mark.ROW, mark.encode());
  }
}
