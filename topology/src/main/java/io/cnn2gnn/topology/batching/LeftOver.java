package io.cnn2gnn.topology.batching;

import io.cnn2gnn.topology.flow.Rejection;
import io.cnn2gnn.topology.flow.Rejection.Stage;
import io.cnn2gnn.topology.flow.Source;
import io.cnn2gnn.topology.input.InputRecords;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.apache.kafka.common.header.internals.RecordHeaders;

/** The images that a former life of a task had taken but not yet classified, by their offsets. */
final class LeftOver {
  /** Why one of them is a dead letter. */
  static final Rejection GONE =
      new Rejection(
          Stage.BATCH,
          "RECORD_GONE",
          "the input topic no longer had the record when the service came back for it: its"
              + " retention is shorter than the service was away");

  private final String topic;
  private final InputRecords records;
  private final List<Long> offsets = new ArrayList<>();

  LeftOver(String topic, InputRecords records) {
    this.topic = topic;
    this.records = records;
  }

  void add(List<Long> more) {
    offsets.addAll(more);
  }

  int size() {
    return offsets.size();
  }

  void clear() {
    offsets.clear();
  }

  /**
   * Reads them again, in order, and is empty then.
   *
   * @param now the time that one gets which the topic no longer has
   * @param found hears of each that it has
   * @param gone hears of each other, as a record without bytes
   */
  void takeUp(int partition, long now, Consumer<Source> found, Consumer<Source> gone) {
    Map<Long, Source> read = new HashMap<>();
    records.read(partition, offsets).forEach(source -> read.put(source.offset(), source));
    for (long offset : offsets) {
      Source source = read.get(offset);
      if (source == null) {
        gone.accept(absent(partition, offset, now));
      } else {
        found.accept(source);
      }
    }
    offsets.clear();
  }

  private Source absent(int partition, long offset, long now) {
    return new Source(
        topic, partition, offset, now, Optional.empty(), Optional.empty(), new RecordHeaders());
  }
}
