package io.cnn2gnn.topology.teaching;

import java.time.Duration;
import java.util.List;
import java.util.function.LongSupplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.WakeupException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps a process's labelled tier where its topic is: read to its end before the first image, and
 * followed from there by a thread. The topic is compacted and has one partition, so that all
 * instances see the same states in the same order, each named by an offset.
 */
public final class TierTopic implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(TierTopic.class);
  private static final Duration POLL = Duration.ofMillis(200);
  private static final Duration STEP = Duration.ofMillis(50);
  private static final Duration LONGEST_CLOSE = Duration.ofSeconds(10);
  private static final Duration FIRST_PAUSE = Duration.ofMillis(100);

  private final Consumer<byte[], byte[]> consumer;
  private final TopicPartition at;
  private final LongSupplier end;
  private final LabelledTier tier;
  private final Thread thread = new Thread(this::run, "labelled-tier");
  private volatile boolean stopped;

  /** The last question whose end is known, and that end. */
  private long question;

  private long questionEnd;

  private TierTopic(
      Consumer<byte[], byte[]> consumer, String topic, LongSupplier end, LabelledTier tier) {
    this.consumer = consumer;
    this.at = new TopicPartition(topic, 0);
    this.end = end;
    this.tier = tier;
    thread.setDaemon(true);
  }

  /**
   * Reads a topic to its end and follows it.
   *
   * @param consumer of committed records, in no group; closed with this
   * @param end where the topic ends, with the records of open transactions
   * @param longest how long reading to the end may take
   * @throws KafkaException if the broker refuses or is too slow
   */
  public static TierTopic follow(
      Consumer<byte[], byte[]> consumer,
      String topic,
      LongSupplier end,
      LabelledTier tier,
      Duration longest) {
    TierTopic followed = new TierTopic(consumer, topic, end, tier);
    try {
      followed.readToEnd(longest);
      tier.follow();
    } catch (RuntimeException | Error e) {
      consumer.close();
      throw e;
    }
    followed.thread.start();
    return followed;
  }

  private void readToEnd(Duration longest) {
    consumer.assign(List.of(at));
    consumer.seekToBeginning(List.of(at));
    long deadline = System.nanoTime() + longest.toNanos();
    long end = consumer.endOffsets(List.of(at), longest).get(at);
    while (consumer.position(at, longest) < end) {
      if (System.nanoTime() - deadline >= 0) {
        throw new TimeoutException(
            "%s was not read to its end within %d s".formatted(at, longest.toSeconds()));
      }
      tier.apply(consumer.poll(STEP).records(at));
    }
    if (!tier.rows().rows().isEmpty()) {
      LOG.info("{} labelled images are known", tier.rows().rows().size());
    }
  }

  private void run() {
    String complaint = "";
    while (!stopped) {
      try {
        tier.apply(consumer.poll(POLL).records(at));
        answer();
        complaint = "";
      } catch (WakeupException e) {
        LOG.debug("woken up to stop");
      } catch (KafkaException e) {
        if (!e.toString().equals(complaint)) {
          complaint = e.toString();
          LOG.warn("topic {} cannot be read now: {}; trying again", at.topic(), complaint);
        }
        rest();
      } catch (RuntimeException | Error e) {
        // Without this thread no later label would count here.
        LOG.error("following topic {} failed; going on with the next look", at.topic(), e);
        rest();
      }
    }
  }

  /**
   * A task that begins here asks for what its predecessor wrote last, which may lie in a
   * transaction that is committed and not yet ended on this partition.
   */
  private void answer() {
    long asked = tier.asked();
    if (asked != question) {
      questionEnd = end.getAsLong();
      question = asked;
    }
    if (!tier.isPast(question) && consumer.position(at) >= questionEnd) {
      tier.pass(question);
    }
  }

  private void rest() {
    try {
      Thread.sleep(FIRST_PAUSE.toMillis());
    } catch (InterruptedException e) {
      stopped = true;
    }
  }

  @Override
  public void close() {
    stopped = true;
    consumer.wakeup();
    try {
      thread.join(LONGEST_CLOSE.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    if (thread.isAlive()) {
      LOG.warn("the thread of the labelled tier did not stop in time");
      return;
    }
    consumer.close();
  }
}
