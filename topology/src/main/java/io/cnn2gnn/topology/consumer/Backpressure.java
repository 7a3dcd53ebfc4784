package io.cnn2gnn.topology.consumer;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Which input partitions take no more records for now, because enough of theirs are on their way.
 * Their tasks say so, and the consumer that reads them looks here before each poll.
 */
public final class Backpressure {
  private final long mostBytes;
  private final AtomicLong bytes = new AtomicLong();
  private final Set<Integer> full = ConcurrentHashMap.newKeySet();

  /**
   * For the tasks of a process.
   *
   * @param mostBytes of records on their way, in all tasks; beyond it a task takes one batch after
   *     the other
   */
  public Backpressure(long mostBytes) {
    this.mostBytes = mostBytes;
  }

  /** Whether a partition of the input topic is to be left alone. */
  public boolean isFull(int partition) {
    return full.contains(partition);
  }

  /** The bytes of some task changed by so much. */
  public void added(long more) {
    bytes.addAndGet(more);
  }

  /** Whether all tasks together hold as much as they may. */
  public boolean isScarce() {
    return bytes.get() >= mostBytes;
  }

  /** A task says whether it has enough. */
  public void set(int partition, boolean isFull) {
    if (isFull) {
      full.add(partition);
    } else {
      full.remove(partition);
    }
  }
}
