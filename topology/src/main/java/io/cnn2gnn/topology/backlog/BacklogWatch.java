package io.cnn2gnn.topology.backlog;

import io.cnn2gnn.topology.metrics.BacklogMetrics;
import io.cnn2gnn.topology.metrics.BacklogMetrics.Partition;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.errors.InterruptException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Shows how late the answers are, by a thread of its own that looks every few seconds. It looks at
 * all partitions, so that those of an instance that was lost are told of by the others.
 */
public final class BacklogWatch implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(BacklogWatch.class);
  private static final Duration EVERY = Duration.ofSeconds(5);
  private static final Duration LONGEST_CLOSE = Duration.ofSeconds(5);

  private final BacklogReader reader;
  private final BacklogMetrics metrics;
  private final Clock clock;
  private final ScheduledExecutorService looking =
      Executors.newSingleThreadScheduledExecutor(
          task -> {
            Thread thread = new Thread(task, "backlog");
            thread.setDaemon(true);
            return thread;
          });
  private String complaint = "";

  /**
   * Looks at nothing until it is started.
   *
   * @param reader closed with this
   */
  public BacklogWatch(BacklogReader reader, BacklogMetrics metrics, Clock clock) {
    this.reader = reader;
    this.metrics = metrics;
    this.clock = clock;
  }

  /** Looks from now on. */
  public void start() {
    var unused = // it ends with its executor
        looking.scheduleWithFixedDelay(this::look, 0, EVERY.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** Looks once. One thread at a time. */
  void look() {
    try {
      Instant now = clock.instant();
      List<Backlog> backlogs = reader.read();
      metrics.show(
          backlogs.stream()
              .map(one -> new Partition(one.partition(), one.images(), one.age(now)))
              .toList());
      complaint = "";
    } catch (InterruptedException | InterruptException e) {
      Thread.currentThread().interrupt(); // the service stops
    } catch (ExecutionException e) {
      unknown(e.getCause());
    } catch (RuntimeException | Error e) {
      // An Error that got out would end the looks without a word, and leave the figures as they
      // are.
      unknown(e);
    }
  }

  /** What was seen before may be anything now. */
  private void unknown(Throwable fault) {
    metrics.show(List.of());
    // Once, not with every look.
    if (!fault.toString().equals(complaint)) {
      complaint = fault.toString();
      LOG.warn("how late the answers are cannot be told now: {}; looking again", complaint);
    }
  }

  @Override
  public void close() {
    looking.shutdownNow();
    try {
      if (!looking.awaitTermination(LONGEST_CLOSE.toMillis(), TimeUnit.MILLISECONDS)) {
        LOG.warn("the thread that looks at the backlog did not stop in time");
        return;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return;
    }
    reader.close();
  }
}
