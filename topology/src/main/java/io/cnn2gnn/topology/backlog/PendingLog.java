package io.cnn2gnn.topology.backlog;

import io.cnn2gnn.topology.batching.PendingOffsets;
import io.cnn2gnn.topology.input.Mark;
import io.cnn2gnn.topology.scan.Partitions;
import io.cnn2gnn.topology.scan.TailScan;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * What the changelog of the pending store says last of each partition. The two rows of a task are
 * written with every commit of it, so they stand at the end, however long the topic is.
 */
public final class PendingLog {
  private PendingLog() {}

  /**
   * What a task has left.
   *
   * @param taken the last record that it took; empty if it took none yet
   * @param open offsets of those that it took and has not answered, ascending
   */
  public record Pending(Optional<Mark> taken, List<Long> open) {
    public Pending {
      open = List.copyOf(open);
    }

    static final Pending NOTHING = new Pending(Optional.empty(), List.of());
  }

  /** The newest rows by their keys; a row that was deleted is empty. */
  private static final class Rows {
    private final Map<String, Optional<byte[]>> newest = new HashMap<>();

    /** Returns whether one is missing yet. */
    boolean take(ConsumerRecord<byte[], byte[]> record) {
      newest.putIfAbsent(
          new String(record.key(), StandardCharsets.UTF_8), Optional.ofNullable(record.value()));
      return !(newest.containsKey(Mark.ROW) && newest.containsKey(PendingOffsets.ROW));
    }

    private Optional<byte[]> row(String key) {
      return newest.getOrDefault(key, Optional.empty());
    }

    Pending pending() {
      return new Pending(
          row(Mark.ROW).map(Mark::decode),
          row(PendingOffsets.ROW).map(PendingOffsets::decode).orElse(List.of()));
    }
  }

  /**
   * Reads it, by partition; those of which it says nothing are left out.
   *
   * @param consumer of committed records, in no group
   * @param changelog of the pending store; nothing is known if there is no such topic
   * @throws org.apache.kafka.common.KafkaException if the broker does not give it
   * @throws IllegalStateException if a row is damaged, or a later build wrote it
   */
  public static Map<Integer, Pending> read(Consumer<byte[], byte[]> consumer, String changelog) {
    Map<Integer, Rows> rows = new HashMap<>();
    TailScan.run(
        consumer,
        Partitions.of(consumer, changelog),
        Long.MAX_VALUE,
        record -> rows.computeIfAbsent(record.partition(), p -> new Rows()).take(record));
    return rows.entrySet().stream()
        .collect(Collectors.toMap(Map.Entry::getKey, each -> each.getValue().pending()));
  }
}
