package io.cnn2gnn.topology.decode;

import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Threads for one kind of work, shared fairly: partitions take turns, and none has more than its
 * share of the threads at a time, however much it brings.
 */
final class Lane implements AutoCloseable {
  private static final long IDLE_SECONDS = 30;

  private record Job(int partition, Runnable work) {}

  private final int mostOfOne;
  private final ThreadPoolExecutor threads;

  /** By partition, whose turn it is first. */
  private final Map<Integer, Queue<Runnable>> waiting = new LinkedHashMap<>();

  private final Map<Integer, Integer> running = new HashMap<>();

  /**
   * A lane whose threads come with its work.
   *
   * @param mostOfOne threads that work for one partition at a time
   */
  Lane(String name, int threads, int mostOfOne) {
    this.mostOfOne = mostOfOne;
    AtomicInteger number = new AtomicInteger();
    this.threads =
        new ThreadPoolExecutor(
            threads,
            threads,
            IDLE_SECONDS,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            work -> {
              Thread thread = new Thread(work, name + "-" + number.incrementAndGet());
              thread.setDaemon(true);
              return thread;
            },
            new ThreadPoolExecutor.DiscardPolicy());
    this.threads.allowCoreThreadTimeOut(true);
  }

  void submit(int partition, Runnable work) {
    synchronized (this) {
      waiting.computeIfAbsent(partition, p -> new ArrayDeque<>()).add(work);
    }
    threads.execute(this::runOne);
  }

  private void runOne() {
    Optional<Job> next = next();
    if (next.isPresent()) {
      try {
        next.get().work().run();
      } finally {
        done(next.get().partition());
      }
    }
  }

  private synchronized Optional<Job> next() {
    for (Iterator<Map.Entry<Integer, Queue<Runnable>>> turns = waiting.entrySet().iterator();
        turns.hasNext(); ) {
      Map.Entry<Integer, Queue<Runnable>> turn = turns.next();
      int partition = turn.getKey();
      if (running.getOrDefault(partition, 0) < mostOfOne) {
        Queue<Runnable> work = turn.getValue();
        Job job = new Job(partition, work.remove());
        turns.remove();
        if (!work.isEmpty()) {
          waiting.put(partition, work); // behind the others
        }
        running.merge(partition, 1, Integer::sum);
        return Optional.of(job);
      }
    }
    return Optional.empty();
  }

  private void done(int partition) {
    boolean more;
    synchronized (this) {
      running.computeIfPresent(partition, (p, n) -> n == 1 ? null : n - 1);
      more = waiting.containsKey(partition);
    }
    if (more) {
      // A thread may have come for it while the partition had its share.
      threads.execute(this::runOne);
    }
  }

  @Override
  public void close() {
    threads.shutdownNow();
  }
}
