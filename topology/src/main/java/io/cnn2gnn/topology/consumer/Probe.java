package io.cnn2gnn.topology.consumer;

import io.cnn2gnn.topology.heap.HeapFaults;
import io.cnn2gnn.topology.heap.HeapFaults.Place;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;

/**
 * Tells which records of a partition the heap has room for, by trying.
 *
 * <p>Kafka's consumer takes a compressed batch apart from its beginning and makes room for each
 * record before anybody sees it, so what follows a record that is too large in its batch cannot be
 * had either. Where that batch ends no consumer tells; it is found in steps that double. Batches of
 * others that lie between two such batches may be counted to them.
 */
public final class Probe {
  private static final Duration POLL = Duration.ofMillis(100);
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  private final Supplier<Consumer<byte[], byte[]>> consumers;
  private final TopicPartition at;
  private final HeapFaults heap;

  /**
   * Of a partition.
   *
   * @param consumers open consumers in no group that take one record at a time
   */
  public Probe(Supplier<Consumer<byte[], byte[]>> consumers, TopicPartition at, HeapFaults heap) {
    this.consumers = consumers;
    this.at = at;
    this.heap = heap;
  }

  /**
   * The first offset from which on records can be had.
   *
   * @param from where they could not
   * @param end of the partition
   * @return the same offset, if it was a passing matter
   */
  public long firstReadable(long from, long end) {
    if (canRead(from, end)) {
      return from;
    }
    long bad = from;
    long step = 1;
    long probe = Math.min(end, bad + step);
    while (!canRead(probe, end)) {
      bad = probe;
      step *= 2;
      probe = Math.min(end, bad + step);
    }
    long readable = probe;
    while (readable - bad > 1) {
      long middle = bad + (readable - bad) / 2;
      if (canRead(middle, end)) {
        readable = middle;
      } else {
        bad = middle;
      }
    }
    return readable;
  }

  private boolean canRead(long offset, long end) {
    if (offset >= end) {
      return true;
    }
    try (Consumer<byte[], byte[]> one = consumers.get()) {
      one.assign(List.of(at));
      one.seek(at, offset);
      long deadline = System.nanoTime() + PATIENCE.toNanos();
      while (one.poll(POLL).isEmpty() && one.position(at, PATIENCE) < end) {
        if (System.nanoTime() - deadline >= 0) {
          throw new TimeoutException(
              at + "@" + offset + " did not come within " + PATIENCE.toSeconds() + " s");
        }
      }
      return true;
    } catch (OutOfMemoryError e) {
      var unused = heap.decide(Place.POLL, at + "@" + offset, e);
      return false;
    }
  }
}
