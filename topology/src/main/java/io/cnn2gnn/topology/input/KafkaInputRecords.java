package io.cnn2gnn.topology.input;

import io.cnn2gnn.topology.consumer.Probe;
import io.cnn2gnn.topology.consumer.StandIn;
import io.cnn2gnn.topology.flow.Source;
import io.cnn2gnn.topology.heap.HeapFaults;
import io.cnn2gnn.topology.heap.HeapFaults.Place;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableSet;
import java.util.TreeSet;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;

/**
 * Reads them from the broker, with a consumer of its own that is in no group and commits nothing.
 */
public final class KafkaInputRecords implements InputRecords {
  private static final Duration POLL = Duration.ofMillis(100);

  private final String topic;
  private final Supplier<Consumer<byte[], byte[]>> consumers;
  private final Duration patience;
  private final HeapFaults heap;

  /**
   * Of a topic; opens a consumer for each read.
   *
   * @param consumers opens consumers that read committed records, one at a time: what follows a
   *     record in its batch must not come with it, for it may be what the heap is too small for
   * @param patience how long each step of a read may take, and how long records may stay away; a
   *     batch of them must come well within max.poll.interval.ms
   * @param heap decides where it was too small for one
   */
  public KafkaInputRecords(
      String topic,
      Supplier<Consumer<byte[], byte[]>> consumers,
      Duration patience,
      HeapFaults heap) {
    this.topic = topic;
    this.consumers = consumers;
    this.patience = patience;
    this.heap = heap;
  }

  @Override
  public List<Source> read(int partition, List<Long> offsets) {
    TopicPartition at = new TopicPartition(topic, partition);
    NavigableSet<Long> wanted = new TreeSet<>(offsets);
    List<Source> found = new ArrayList<>();
    do {
      try (Consumer<byte[], byte[]> consumer = consumers.get()) {
        readAll(consumer, at, wanted, found);
      } catch (OutOfMemoryError e) {
        var unused = heap.decide(Place.POLL, at + "@" + wanted.first(), e);
        standIn(at, wanted, found);
      }
    } while (!wanted.isEmpty());
    return found;
  }

  private void standIn(TopicPartition at, NavigableSet<Long> wanted, List<Source> found) {
    long readable = new Probe(consumers, at, heap).firstReadable(wanted.first(), wanted.last() + 1);
    NavigableSet<Long> lost = wanted.headSet(readable, false);
    lost.forEach(offset -> found.add(Source.of(StandIn.of(at, offset))));
    lost.clear();
  }

  private void readAll(
      Consumer<byte[], byte[]> consumer,
      TopicPartition at,
      NavigableSet<Long> wanted,
      List<Source> found) {
    List<TopicPartition> one = List.of(at);
    consumer.assign(one);
    wanted.headSet(consumer.beginningOffsets(one, patience).get(at)).clear();
    // A topic that was made anew under its name may end before the offsets we had.
    wanted.tailSet(consumer.endOffsets(one, patience).get(at)).clear();
    if (!wanted.isEmpty()) {
      consumer.seek(at, wanted.first());
    }
    long deadline = System.nanoTime() + patience.toNanos();
    while (!wanted.isEmpty()) {
      if (System.nanoTime() - deadline >= 0) {
        throw new TimeoutException(
            "%s did not give %d pending records within %d ms"
                .formatted(at, wanted.size(), patience.toMillis()));
      }
      int before = found.size();
      readOn(consumer, at, wanted, found);
      if (found.size() > before) {
        // Large images over a slow line are slow, not away.
        deadline = System.nanoTime() + patience.toNanos();
      }
    }
  }

  private void readOn(
      Consumer<byte[], byte[]> consumer,
      TopicPartition at,
      NavigableSet<Long> wanted,
      List<Source> found) {
    // Over gaps only: a seek throws away what was fetched ahead.
    if (consumer.position(at, patience) < wanted.first()) {
      consumer.seek(at, wanted.first());
    }
    for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL).records(at)) {
      if (wanted.remove(record.offset())) {
        found.add(Source.of(record));
      }
    }
    // The position also passes what retention, compaction or an abort has left empty.
    wanted.headSet(consumer.position(at, patience)).clear();
  }
}
