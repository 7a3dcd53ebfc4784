package io.cnn2gnn.topology.consumer;

import io.cnn2gnn.topology.heap.HeapFaults;
import io.cnn2gnn.topology.heap.HeapFaults.Place;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;

/**
 * Reads a partition in which the heap was too small for something, record by record, so that it is
 * known which one it is. That one is tried again, and then stood in for, with what {@link Probe}
 * finds to be lost behind it.
 */
final class CarefulReader implements AutoCloseable {
  private static final Duration POLL = Duration.ofMillis(100);
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  /** What the partition brings next. */
  record Piece(List<ConsumerRecord<byte[], byte[]>> records, long position, boolean isLast) {}

  private final Supplier<Consumer<byte[], byte[]>> consumers;
  private final TopicPartition at;
  private final int enough;
  private final long mostBytes;
  private final HeapFaults heap;
  private final Object turns;
  private final BlockingQueue<Piece> pieces = new ArrayBlockingQueue<>(1);
  private final Thread thread = new Thread(this::run, "cnn2gnn-careful-reader");
  private volatile Optional<RuntimeException> failure = Optional.empty();
  private volatile boolean closed;
  private long position;
  private long end;
  private int good;

  /**
   * Begins at a position, on a thread of its own: other partitions go on meanwhile.
   *
   * @param consumers open consumers in no group that take one record at a time
   * @param enough so many records without a fault, and the partition is read as usual again
   * @param mostBytes of a piece
   * @param turns readers of a process take turns by it: what one has no room for must not be laid
   *     to another
   */
  CarefulReader(
      Supplier<Consumer<byte[], byte[]>> consumers,
      TopicPartition at,
      long position,
      int enough,
      long mostBytes,
      HeapFaults heap,
      Object turns) {
    this.consumers = consumers;
    this.at = at;
    this.position = position;
    this.enough = enough;
    this.mostBytes = mostBytes;
    this.heap = heap;
    this.turns = turns;
    thread.setDaemon(true);
    thread.start();
  }

  /**
   * What has been read, if anything has.
   *
   * @throws RuntimeException that reading ended with
   */
  Optional<Piece> poll() {
    if (failure.isPresent()) {
      throw failure.get();
    }
    return Optional.ofNullable(pieces.poll());
  }

  private void run() {
    try {
      boolean isLast = false;
      while (!isLast && !closed) {
        isLast = readUntilAFault();
      }
    } catch (InterruptedException e) {
      // closed
    } catch (RuntimeException e) {
      failure = Optional.of(e);
    } catch (OutOfMemoryError e) {
      failure = Optional.of(new KafkaException(at + " could not be read carefully", e));
    }
  }

  /** Returns whether the partition may be read as usual again. */
  private boolean readUntilAFault() throws InterruptedException {
    List<ConsumerRecord<byte[], byte[]>> found = new ArrayList<>();
    boolean isFaulty = false;
    // One consumer for all of it: a new one would take the batch apart from its beginning.
    try (Consumer<byte[], byte[]> consumer = open(position)) {
      end = consumer.endOffsets(List.of(at), PATIENCE).get(at);
      while (!isFaulty && !closed) {
        try {
          synchronized (turns) {
            read(consumer, found);
          }
        } catch (OutOfMemoryError e) {
          var unused = heap.decide(Place.POLL, at + "@" + position, e);
          isFaulty = true;
          continue;
        }
        if (!found.isEmpty() || isThrough()) {
          pieces.put(new Piece(found, position, isThrough()));
          found = new ArrayList<>();
        }
        if (isThrough()) {
          return true;
        }
      }
    }
    if (isFaulty) {
      standIn(found);
    }
    return isThrough();
  }

  private boolean isThrough() {
    return position >= end || good >= enough;
  }

  private void read(Consumer<byte[], byte[]> consumer, List<ConsumerRecord<byte[], byte[]>> found) {
    long bytes = 0;
    do {
      for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL).records(at)) {
        found.add(record);
        bytes +=
            Math.max(0, record.serializedKeySize()) + Math.max(0, record.serializedValueSize());
        good++;
      }
      position = consumer.position(at, PATIENCE);
    } while (!isThrough() && bytes < mostBytes && !closed);
  }

  private Consumer<byte[], byte[]> open(long from) {
    Consumer<byte[], byte[]> opened = consumers.get();
    opened.assign(List.of(at));
    opened.seek(at, from);
    return opened;
  }

  /** Stands in for what cannot be had; what failed once may only have been in bad company. */
  private void standIn(List<ConsumerRecord<byte[], byte[]>> found) throws InterruptedException {
    good = 0;
    long next;
    synchronized (turns) {
      next = new Probe(consumers, at, heap).firstReadable(position, end);
    }
    List<ConsumerRecord<byte[], byte[]>> piece = found;
    while (position < next) {
      piece.add(StandIn.of(at, position));
      position++;
      if (piece.size() >= enough) {
        pieces.put(new Piece(piece, position, isThrough()));
        piece = new ArrayList<>();
      }
    }
    pieces.put(new Piece(piece, position, isThrough()));
  }

  /** Does not wait for the thread, which may be in the middle of a read. */
  @Override
  public void close() {
    closed = true;
    thread.interrupt();
  }
}
