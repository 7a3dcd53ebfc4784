package io.cnn2gnn.benchmarks.latency;

import io.cnn2gnn.benchmarks.latency.Subject.Batches;
import io.cnn2gnn.benchmarks.pipeline.Workload;
import io.cnn2gnn.benchmarks.service.AnswerClock;
import io.cnn2gnn.benchmarks.service.Deployment;
import io.cnn2gnn.benchmarks.service.Feed;
import io.cnn2gnn.benchmarks.service.Schedule;
import java.io.IOException;
import java.util.Arrays;

/** A camera that sends at its times, and who awaits the answers. */
final class OpenLoop implements AutoCloseable {
  /** Records that are made before they are due, so that the sender has nothing to do but send. */
  private static final int IN_MEMORY = 2048;

  private final Feed feed;
  private final AnswerClock answers;
  private final byte[][] records = new byte[IN_MEMORY][];
  private int sent;

  OpenLoop(Deployment topics, Workload workload) {
    feed = new Feed(topics);
    answers = new AnswerClock(topics);
    Arrays.setAll(records, i -> workload.record(feed.writer(), i));
  }

  /** Sends one image and waits for its answer. */
  void awaitFirst(Subject subject) throws IOException, InterruptedException {
    feed.send(sent, records[sent % IN_MEMORY]);
    sent++;
    feed.flush();
    answers.await(sent, subject::isAlive);
  }

  /**
   * Sends at a rate, and waits for all answers.
   *
   * @param settle seconds that do not count, before those that do
   */
  Load measure(Subject subject, double perSecond, double settle, double seconds)
      throws IOException, InterruptedException {
    int first = sent;
    Schedule schedule = Schedule.lasting(System.nanoTime(), perSecond, settle + seconds);
    Batches before = subject.batches();
    long[] late = feed.send(schedule, first, i -> records[i % IN_MEMORY]);
    sent += late.length;
    feed.flush();
    answers.await(sent, subject::isAlive);
    Batches batches = subject.batches().since(before);
    int counted = schedule.firstAfter(settle);
    long[] latencies = answers.arrivals(first + counted, sent);
    for (int i = 0; i < latencies.length; i++) {
      latencies[i] -= schedule.due(counted + i);
    }
    return Load.of(
        perSecond,
        latencies,
        Arrays.copyOfRange(late, counted, late.length),
        batches.meanMillis(),
        batches.meanImages());
  }

  @Override
  public void close() {
    answers.close();
    feed.close();
  }
}
