package io.cnn2gnn.training.service;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.consumer.CommitFailedException;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RebalanceInProgressException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.WakeupException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A lease by membership in a consumer group: whoever has partition 0 of the models topic trains.
 * Kafka gives a partition to one member, keeps it there as long as the member lives (cooperative
 * assignment), and gives it to another when the session times out. A thread of its own polls, with
 * the partition paused, so that a long training keeps its membership; nothing is read.
 */
public final class TrainingLease implements Lease, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(TrainingLease.class);
  private static final Duration STEP = Duration.ofMillis(100);
  private static final Duration COMMIT = Duration.ofSeconds(5);
  private static final long LOOK_MILLIS = 200;

  private final String group;
  private final TopicPartition at;
  private final Consumer<byte[], byte[]> consumer;
  private final Thread thread;
  private final LinkedBlockingQueue<CompletableFuture<Boolean>> asked = new LinkedBlockingQueue<>();
  private long terms;
  private volatile long term;
  private volatile boolean closed;
  private volatile KafkaException failure;

  private TrainingLease(String model, String topic, TrainingClients clients) {
    group = group(model);
    at = new TopicPartition(topic, 0);
    consumer = clients.member(group);
    thread = new Thread(this::poll, "training-lease");
    thread.setDaemon(true);
  }

  /**
   * Asks for the lease; whether and when it is held is told later.
   *
   * @param model its name
   * @param topic the models topic, which must be there
   */
  public static TrainingLease open(String model, String topic, TrainingClients clients) {
    TrainingLease lease = new TrainingLease(model, topic, clients);
    lease.thread.start();
    return lease;
  }

  /** The consumer group of all who would train a model. */
  public static String group(String model) {
    return "cnn2gnn-training-" + model;
  }

  private final class Listener implements ConsumerRebalanceListener {
    @Override
    public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
      consumer.pause(partitions);
      if (partitions.contains(at)) {
        terms++;
        term = terms;
        LOG.info("this process trains now, as a member of group {}", group);
      }
    }

    @Override
    public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
      if (partitions.contains(at)) {
        lost();
      }
    }
  }

  private void lost() {
    if (term > 0) {
      LOG.info("this process no longer trains");
    }
    term = 0;
  }

  private void poll() {
    try {
      consumer.subscribe(List.of(at.topic()), new Listener());
      while (!closed) {
        consumer.poll(STEP);
        answer();
      }
    } catch (WakeupException e) {
      LOG.debug("closing", e);
    } catch (KafkaException e) {
      LOG.error("the lease of group {} cannot be kept", group, e);
      failure = e;
    } finally {
      lost();
      consumer.close();
    }
  }

  /** A commit is refused to who is no longer a member; of what is of no matter. */
  private void answer() {
    CompletableFuture<Boolean> question = asked.peek();
    if (question == null) {
      return;
    }
    if (term == 0) {
      asked.remove().complete(false);
      return;
    }
    try {
      consumer.commitSync(Map.of(at, new OffsetAndMetadata(0)), COMMIT);
      asked.remove().complete(true);
    } catch (RebalanceInProgressException | org.apache.kafka.common.errors.TimeoutException e) {
      LOG.debug("asked again after the next poll", e);
    } catch (CommitFailedException e) {
      lost();
      asked.remove().complete(false);
    } catch (RetriableException e) {
      LOG.debug("asked again after the next poll", e);
    }
  }

  @Override
  public long term() {
    return term;
  }

  /**
   * {@inheritDoc}
   *
   * @throws KafkaException if the group cannot be joined, or this was closed
   */
  @Override
  public long awaitHeld() throws InterruptedException {
    long now = term;
    while (now == 0) {
      checkAlive();
      Thread.sleep(LOOK_MILLIS);
      now = term;
    }
    return now;
  }

  private void checkAlive() {
    if (failure != null) {
      throw new KafkaException("group " + group + " cannot be joined: " + failure, failure);
    }
    if (closed) {
      throw new KafkaException("the lease of group " + group + " is closed");
    }
  }

  @Override
  public boolean confirm(long begun) throws InterruptedException {
    CompletableFuture<Boolean> answer = new CompletableFuture<>();
    asked.add(answer);
    while (term == begun && thread.isAlive()) {
      try {
        return answer.get(LOOK_MILLIS, TimeUnit.MILLISECONDS) && term == begun;
      } catch (TimeoutException e) {
        LOG.debug("no answer yet", e);
      } catch (ExecutionException e) {
        throw new IllegalStateException("answers are true or false", e);
      }
    }
    return false;
  }

  /** Leaves the group, so that another need not wait for the session to time out. */
  @Override
  public void close() {
    closed = true;
    if (thread.isAlive()) {
      consumer.wakeup();
    }
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
