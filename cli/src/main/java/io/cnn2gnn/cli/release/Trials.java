package io.cnn2gnn.cli.release;

import io.cnn2gnn.schemas.UnreadableRecordException;
import io.cnn2gnn.schemas.WireReader;
import io.cnn2gnn.schemas.avro.ModelEvent;
import io.cnn2gnn.schemas.avro.ModelEventKind;
import io.cnn2gnn.schemas.avro.ModelRelease;
import io.cnn2gnn.schemas.avro.ReleaseState;
import io.cnn2gnn.schemas.release.Releases;
import io.cnn2gnn.topology.scan.Partitions;
import io.cnn2gnn.topology.scan.TailScan;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** What services have told last of a candidate's trial in the shadow, each of its own. */
final class Trials {
  /** A service tells some thousand things a day. */
  private static final long MOST_EVENTS = 100_000;

  private static final Set<ModelEventKind> KINDS =
      EnumSet.of(ModelEventKind.SHADOWING, ModelEventKind.SHADOWED);

  private final ModelRelease release;
  private final WireReader<ModelEvent> reader;
  private final TreeMap<String, ModelEvent> byInstance = new TreeMap<>();

  private Trials(ModelRelease release, WireReader<ModelEvent> reader) {
    this.release = release;
    this.reader = reader;
  }

  /**
   * Reads the newest events back.
   *
   * @param consumer of committed records, in no group
   * @return one of each instance that told of it
   */
  static Collection<ModelEvent> of(
      ModelRelease release,
      Consumer<byte[], byte[]> consumer,
      String topic,
      WireReader<ModelEvent> reader) {
    Trials trials = new Trials(release, reader);
    TailScan.run(consumer, Partitions.of(consumer, topic), MOST_EVENTS, trials::take);
    return trials.byInstance.values();
  }

  private boolean take(ConsumerRecord<byte[], byte[]> record) {
    boolean isOfIt =
        record.key() != null
            && new String(record.key(), StandardCharsets.UTF_8).equals(Releases.key(release));
    Optional<ModelEvent> event = isOfIt ? read(record) : Optional.empty();
    if (event.isEmpty()) {
      return true;
    }
    // The name may have been another bundle's before this one became a candidate.
    boolean isOlder =
        release.getState() == ReleaseState.CANDIDATE
            && event.get().getAt().isBefore(release.getCreatedAt());
    if (!isOlder && KINDS.contains(event.get().getKind())) {
      byInstance.putIfAbsent(event.get().getInstance(), event.get());
    }
    return !isOlder;
  }

  private Optional<ModelEvent> read(ConsumerRecord<byte[], byte[]> record) {
    try {
      return Optional.of(reader.read(record.headers(), record.value()));
    } catch (UnreadableRecordException e) {
      return Optional.empty();
    }
  }
}
