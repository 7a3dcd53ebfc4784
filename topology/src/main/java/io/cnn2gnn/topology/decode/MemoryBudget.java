package io.cnn2gnn.topology.decode;

import java.util.Optional;
import java.util.concurrent.Semaphore;

/**
 * Bytes that one kind of work may hold at a time, in order of asking. Work that needs more than all
 * of it gets all of it, and so goes on alone.
 */
public final class MemoryBudget {
  private static final int UNIT = 1 << 16;

  /** What is held; closing it gives it back. */
  public interface Hold extends AutoCloseable {
    @Override
    void close();
  }

  private final int units;
  private final Semaphore free;

  public MemoryBudget(long bytes) {
    this.units = units(bytes);
    this.free = new Semaphore(units, true);
  }

  private static int units(long bytes) {
    return (int) Math.min(Integer.MAX_VALUE, Math.max(0, bytes - 1) / UNIT + 1);
  }

  /** In all. */
  public long bytes() {
    return (long) units * UNIT;
  }

  /** Waits until there is room. */
  Hold take(long bytes) throws InterruptedException {
    int taken = Math.min(units, units(bytes));
    free.acquire(taken);
    return () -> free.release(taken);
  }

  /** Empty if there is no room now, or others wait for it. */
  Optional<Hold> tryTake(long bytes) {
    int taken = Math.min(units, units(bytes));
    return !free.hasQueuedThreads() && free.tryAcquire(taken)
        ? Optional.of(() -> free.release(taken))
        : Optional.empty();
  }
}
