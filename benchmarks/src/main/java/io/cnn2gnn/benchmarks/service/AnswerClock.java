package io.cnn2gnn.benchmarks.service;

import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.IntegerDeserializer;

/**
 * When committed answers came, by the numbers that {@link Feed} gave their images. A thread of its
 * own reads, so that nobody's work holds up the clock.
 */
public final class AnswerClock implements AutoCloseable {
  private static final Duration POLL = Duration.ofMillis(100);
  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final long LOOK_MILLIS = 10;
  private static final long NONE = Long.MIN_VALUE;

  private final KafkaConsumer<Integer, byte[]> consumer;
  private final Thread thread = new Thread(this::read, "answers");
  private long[] arrivals = new long[1024];
  private int count;
  private RuntimeException failure;
  private volatile boolean closing;

  /** Reads the predictions of a service from the beginning. */
  public AnswerClock(Deployment deployment) {
    Arrays.fill(arrivals, NONE);
    consumer =
        new KafkaConsumer<>(
            Map.of(
                "bootstrap.servers",
                deployment.broker(),
                "isolation.level",
                "read_committed",
                "enable.auto.commit",
                false,
                "max.poll.records",
                10_000),
            new IntegerDeserializer(),
            new ByteArrayDeserializer());
    TopicPartition only = new TopicPartition(deployment.predictions(), 0);
    consumer.assign(List.of(only));
    consumer.seekToBeginning(List.of(only));
    thread.setDaemon(true);
    thread.start();
  }

  private void read() {
    try {
      while (!closing) {
        Iterable<ConsumerRecord<Integer, byte[]>> records = consumer.poll(POLL);
        long now = System.nanoTime();
        records.forEach(record -> came(record.key(), now));
      }
    } catch (WakeupException e) {
      // The end.
    } catch (RuntimeException e) {
      fail(e);
    }
  }

  private synchronized void came(int number, long nanos) {
    if (number >= arrivals.length) {
      int before = arrivals.length;
      arrivals = Arrays.copyOf(arrivals, Math.max(number + 1, 2 * before));
      Arrays.fill(arrivals, before, arrivals.length, NONE);
    }
    if (arrivals[number] == NONE) {
      arrivals[number] = nanos;
      count++;
    }
  }

  private synchronized void fail(RuntimeException e) {
    failure = e;
  }

  /** How many images have an answer. */
  public synchronized int count() {
    if (failure != null) {
      throw failure;
    }
    return count;
  }

  /**
   * Waits until so many images have an answer.
   *
   * @param alive whether the service still lives
   * @throws IOException if it does not, or gives no answer for two minutes
   */
  public void await(int images, BooleanSupplier alive) throws IOException, InterruptedException {
    int before = count();
    long last = System.nanoTime();
    for (int now = before; now < images; now = count()) {
      if (now > before) {
        before = now;
        last = System.nanoTime();
      }
      if (!alive.getAsBoolean()) {
        throw new IOException("the service has ended after %d answers".formatted(now));
      }
      if (System.nanoTime() - last > PATIENCE.toNanos()) {
        throw new IOException("the service gave %d of %d answers".formatted(now, images));
      }
      Thread.sleep(LOOK_MILLIS);
    }
  }

  /** When the answers to these numbers came, in their order; all must have come. */
  public synchronized long[] arrivals(int from, int to) {
    long[] some = Arrays.copyOfRange(arrivals, from, to);
    if (Arrays.stream(some).anyMatch(nanos -> nanos == NONE)) {
      throw new IllegalStateException("not all of %d to %d were answered".formatted(from, to));
    }
    return some;
  }

  @Override
  public void close() {
    closing = true;
    consumer.wakeup();
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return; // its thread may still be inside
    }
    try {
      consumer.close();
    } catch (InterruptException e) {
      Thread.currentThread().interrupt();
    }
  }
}
