package io.cnn2gnn.topology.batching;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * How a service that is about to stop asks its tasks to classify what they hold instead of waiting
 * for a fuller batch. Shared by the tasks of a process.
 */
public final class Drain {
  private static final long STEP_MILLIS = 5;

  private final AtomicInteger open = new AtomicInteger();
  private volatile boolean asked;

  /**
   * Asks, and waits until no task holds an image.
   *
   * @return false if some still did when time ran out
   */
  public boolean await(Duration longest) throws InterruptedException {
    asked = true;
    long deadline = System.nanoTime() + longest.toNanos();
    while (open.get() > 0) {
      if (System.nanoTime() - deadline >= 0) {
        return false;
      }
      Thread.sleep(STEP_MILLIS);
    }
    return true;
  }

  /** Images that wait for their batch. */
  public int open() {
    return open.get();
  }

  boolean isAsked() {
    return asked;
  }

  void opened(int images) {
    open.addAndGet(images);
  }

  void closed(int images) {
    open.addAndGet(-images);
  }
}
